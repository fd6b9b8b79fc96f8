package dev.jmtcp.driver.dpdk.bindings;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A version of DPDK's library that the system's loader would find. Looking for it loads nothing.
 *
 * @param abi the number at the end of the library's name
 */
record Installed(int abi, Path library) {

    private static final Path LOADER_CACHE = Path.of("/etc/ld.so.cache");
    private static final List<Path> DEFAULT_FOLDERS =
            List.of(Path.of("/lib64"), Path.of("/usr/lib64"), Path.of("/usr/lib"));
    private static final Pattern NAME = Pattern.compile("librte_eal\\.so\\.(\\d{1,9})");

    /** A path of the cache, which is a file of zero-terminated strings among others. */
    private static final Pattern CACHED = Pattern.compile("/[\\x20-\\x7e]*/librte_eal\\.so\\.\\d{1,9}(?=\\x00)");

    /** All versions, the newest last. */
    static List<Installed> find() {
        String more = System.getenv().getOrDefault("LD_LIBRARY_PATH", "");
        var folders = Stream.concat(
                Stream.of(more.split(File.pathSeparator, -1))
                        .filter(folder -> !folder.isEmpty())
                        .map(Path::of),
                DEFAULT_FOLDERS.stream());
        return find(LOADER_CACHE, folders.toList());
    }

    static List<Installed> find(Path cache, List<Path> folders) {
        var found = new TreeMap<Integer, Installed>();
        try {
            Matcher path = CACHED.matcher(Files.readString(cache, StandardCharsets.ISO_8859_1));
            while (path.find()) {
                add(found, Path.of(path.group()));
            }
        } catch (IOException _) {
            // no cache: this system's loader looks elsewhere
        }
        for (Path folder : folders) {
            try (Stream<Path> files = Files.list(folder)) {
                files.forEach(file -> add(found, file));
            } catch (IOException _) {
                // no such folder
            }
        }
        return List.copyOf(found.values());
    }

    private static void add(TreeMap<Integer, Installed> found, Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches() && Files.exists(file)) {
            int abi = Integer.parseInt(name.group(1));
            found.putIfAbsent(abi, new Installed(abi, file));
        }
    }
}
