package dev.jmtcp.apps;

import dev.jmtcp.core.config.JmtcpConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The command by which a file is fetched from a server, for who would like to see it answer. */
final class CurlLine {

    private static final int HTTP_PORT = 80;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

    private CurlLine() {}

    /**
     * The command, if the server can be reached by the programs of this machine.
     *
     * @param folder what is served
     */
    static Optional<String> of(JmtcpConfig config, Path folder, int port) {
        if (!config.io().equals("tap")) {
            return Optional.empty();
        }
        return config.ports().stream()
                .flatMap(name -> config.port(name).addresses().stream())
                .findFirst()
                .map(address -> "curl http://" + address.address().getHostAddress()
                        + (port == HTTP_PORT ? "" : ":" + port) + "/" + file(folder));
    }

    /** A file to ask for: nothing where there is an index, else the first whose name needs no quoting. */
    private static String file(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            var names = files.filter(Files::isRegularFile)
                    .map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> PLAIN.matcher(name).matches())
                    .sorted()
                    .toList();
            return names.isEmpty() ? "FILE" : names.contains("index.html") ? "" : names.getFirst();
        } catch (IOException _) {
            return "FILE";
        }
    }
}
