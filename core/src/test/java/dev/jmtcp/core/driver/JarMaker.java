package dev.jmtcp.core.driver;

import dev.jmtcp.spi.PacketIoProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Compiles sources to a jar. */
final class JarMaker {

    private final Path directory;
    private int count;

    JarMaker(Path directory) {
        this.directory = directory;
    }

    /**
     * @param files sources by path; what does not end with {@code .java} goes into the jar as it is
     * @param modulePath jars that the sources need besides the SPI
     */
    void make(Path jar, Map<String, String> files, Path... modulePath) throws IOException {
        Path root = directory.resolve("make" + count++);
        Path sources = root.resolve("sources");
        Path classes = Files.createDirectories(root.resolve("classes"));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = (file.getKey().endsWith(".java") ? sources : classes).resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        List<String> path = new ArrayList<>(List.of(spi(), annotations()));
        Stream.of(modulePath).map(Path::toString).forEach(path::add);
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", classes.toString()));
        arguments.addAll(
                files.containsKey("module-info.java")
                        ? List.of("--module-path", String.join(":", path))
                        : List.of("-cp", String.join(":", path)));
        files.keySet().stream()
                .filter(name -> name.endsWith(".java"))
                .map(name -> sources.resolve(name).toString())
                .forEach(arguments::add);
        run("javac", arguments);
        Files.createDirectories(jar.getParent());
        run("jar", List.of("--create", "--file", jar.toString(), "-C", classes.toString(), "."));
    }

    /** A driver's source. */
    static String driver(String packageName, String className, String driverName, String constructorBody) {
        return """
                package %s;

                import dev.jmtcp.spi.*;

                public final class %s implements PacketIoProvider {
                    public %2$s() { %s }
                    public String name() { return "%s"; }
                    public String description() { return "made for a test"; }
                    public Probe probe() { return new Probe.Usable("always"); }
                    public PacketIo open(DriverConfig config) throws PacketIoException {
                        throw new PacketIoException("made for a test");
                    }
                }
                """.formatted(packageName, className, constructorBody, driverName);
    }

    /** A module with one driver. */
    void makeDriverModule(Path jar, String module, String driverName) throws IOException {
        make(
                jar,
                Map.of(
                        "module-info.java",
                        "module %s { requires dev.jmtcp.spi; provides dev.jmtcp.spi.PacketIoProvider with %s.Made; }"
                                .formatted(module, module),
                        module.replace('.', '/') + "/Made.java",
                        driver(module, "Made", driverName, "")));
    }

    /** The SPI needs a module of annotations to compile against; its content does not matter. */
    private String annotations() throws IOException {
        Path source = directory.resolve("annotations/module-info.java");
        if (!Files.exists(source)) {
            Files.createDirectories(source.getParent());
            Files.writeString(source, "module org.jspecify { }");
            run("javac", List.of("-d", source.getParent().toString(), source.toString()));
        }
        return source.getParent().toString();
    }

    private static String spi() {
        return Path.of(PacketIoProvider.class
                        .getModule()
                        .getLayer()
                        .configuration()
                        .findModule("dev.jmtcp.spi")
                        .orElseThrow()
                        .reference()
                        .location()
                        .orElseThrow())
                .toString();
    }

    private static void run(String tool, List<String> arguments) {
        var output = new StringWriter();
        var writer = new PrintWriter(output);
        int code = ToolProvider.findFirst(tool).orElseThrow().run(writer, writer, arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IllegalStateException(tool + " failed:\n" + output);
        }
    }
}
