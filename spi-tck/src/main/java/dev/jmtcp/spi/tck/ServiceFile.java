package dev.jmtcp.spi.tck;

import dev.jmtcp.spi.PacketIoProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** By what {@link java.util.ServiceLoader} finds providers that are not in a module. */
final class ServiceFile {

    static final String NAME = "META-INF/services/" + PacketIoProvider.class.getName();

    private ServiceFile() {}

    /** The names of all providers in files of the class's module and of its loader's class path. */
    static Set<String> classes(Class<?> type) throws IOException {
        var names = new HashSet<String>();
        add(type.getResource("/" + NAME), names);
        ClassLoader loader = type.getClassLoader();
        for (URL file : loader == null ? List.<URL>of() : Collections.list(loader.getResources(NAME))) {
            add(file, names);
        }
        return names;
    }

    private static void add(@Nullable URL file, Set<String> names) throws IOException {
        if (file == null) {
            return;
        }
        try (var reader = new BufferedReader(new InputStreamReader(file.openStream(), StandardCharsets.UTF_8))) {
            reader.lines().map(line -> line.replaceFirst("#.*", "").strip()).forEach(names::add);
        }
    }
}
