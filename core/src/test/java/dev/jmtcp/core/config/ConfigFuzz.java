package dev.jmtcp.core.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The three files of a configuration as anyone may have written them: taken, or refused with file and reason. */
public final class ConfigFuzz {

    private ConfigFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String text = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
        try {
            switch (input[0] & 3) {
                case 0 -> ArpFile.parse("arp.conf", text);
                case 1 -> RouteFile.parse("route.conf", text, List.of("dpdk0", "dpdk1"), _ -> {});
                default -> {
                    if (!text.contains("_file")) { // which would open files
                        var loader = new ConfigLoader(Path.of("nowhere"), _ -> List.of(), _ -> {});
                        reread(loader, loader.parse(text));
                    }
                }
            }
        } catch (ConfigException e) {
            if (e.problem().isEmpty() || e.expected().isEmpty()) {
                throw new AssertionError("an error that helps nobody", e);
            }
        }
    }

    /** What was set, written anew, is the same configuration. */
    private static void reread(ConfigLoader loader, JmtcpConfig config) {
        var text = new StringBuilder();
        for (Setting setting : config.settings()) {
            text.append(setting.key()).append(" = ").append(setting.value()).append('\n');
        }
        JmtcpConfig again = loader.parse(text.toString());
        if (!again.tcp().equals(config.tcp())
                || !again.ports().equals(config.ports())
                || !again.faults().equals(config.faults())
                || !again.portSettings().equals(config.portSettings())) {
            throw new AssertionError("not the same again: " + text);
        }
    }
}
