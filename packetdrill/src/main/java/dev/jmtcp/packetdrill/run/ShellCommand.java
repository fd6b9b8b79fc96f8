package dev.jmtcp.packetdrill.run;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A shell command of a script, taken apart into what it means for the stack. Nothing is ever run. */
sealed interface ShellCommand {

    /** Sets something of the stack. */
    record Setting(Sysctl sysctl) implements ShellCommand {}

    /** Wants to see so many connections in a state. */
    record Count(String state, OptionalLong port, long wanted) implements ShellCommand {}

    /** Has nothing to do with what can be seen here. */
    record Nothing() implements ShellCommand {}

    /** Needs a real system. */
    record Unknown(String text) implements ShellCommand {}

    Pattern ASSIGNMENT = Pattern.compile("(\\S+?)=(\"[^\"]*\"|'[^']*'|\\S*)");
    Pattern PRODUCT =
            Pattern.compile("\\$\\(\\(\\s*([0-9]{1,9}(?:\\s*\\*\\s*[0-9]{1,9})?(?:\\s*\\*\\s*[0-9]{1,4})?)\\s*\\)\\)");
    Pattern PORT = Pattern.compile("-p\\s+([0-9]+)");
    Pattern COUNT = Pattern.compile("sockstat\\b.*grep -c ([A-Z_0-9]+)\\s*\\|\\s*grep ([0-9]+)");

    /** What a command consists of. */
    static List<ShellCommand> parse(String text) {
        List<ShellCommand> commands = new ArrayList<>();
        String joined = text.replaceAll("\\\\\\s*\n", " ");
        for (String line : joined.split("\n|;|&&|\\|\\|", -1)) {
            String command = line.replaceAll("(^|\\s)#.*", "")
                    .replaceAll("[0-9&]?>+\\s*&?\\S+", "")
                    .strip();
            if (!command.isEmpty()) {
                one(command, commands);
            }
        }
        return commands;
    }

    private static void one(String command, List<ShellCommand> commands) {
        String[] words = command.split("\\s+", -1);
        String program = words[0].substring(words[0].lastIndexOf('/') + 1);
        switch (program) {
            case "sysctl", "set_sysctls.py" -> assignments(command, commands);
            case "defaults.sh" -> {
                // What the usual script of public collections for Linux sets and the profile does not have anyway.
                commands.add(new Setting(new Sysctl("net.ipv4.tcp_slow_start_after_idle", "0")));
                commands.add(new Setting(new Sysctl("net.ipv4.tcp_ecn", "0")));
            }
            case "sockstat" -> commands.add(count(command));
            // Frames are cut before the script sees them, by the stack or by the device.
            case "ethtool", "tcpdrop", "tc", "sleep", "true", "echo", "sync" -> commands.add(new Nothing());
            default -> {
                boolean harmless = program.startsWith("sysctl_restore")
                        || command.startsWith("ip tcp_metrics flush")
                        || command.startsWith("if ")
                        || command.equals("fi");
                commands.add(harmless ? new Nothing() : new Unknown(command));
            }
        }
    }

    private static String product(MatchResult arithmetic) {
        long product = 1;
        for (String factor : arithmetic.group(1).split("\\*", -1)) {
            product *= Long.parseLong(factor.strip());
        }
        return Long.toString(product);
    }

    private static void assignments(String command, List<ShellCommand> commands) {
        Matcher matcher = ASSIGNMENT.matcher(PRODUCT.matcher(command).replaceAll(ShellCommand::product));
        boolean any = false;
        while (matcher.find()) {
            String name = matcher.group(1).replaceFirst("^/proc/sys/", "").replace('/', '.');
            commands.add(new Setting(new Sysctl(name, matcher.group(2).replaceAll("[\"']", ""))));
            any = true;
        }
        if (!any) {
            commands.add(new Unknown(command));
        }
    }

    private static ShellCommand count(String command) {
        Matcher matcher = COUNT.matcher(command);
        if (!matcher.find()) {
            return new Unknown(command);
        }
        Matcher port = PORT.matcher(command);
        return new Count(
                matcher.group(1),
                port.find() ? OptionalLong.of(Long.parseLong(port.group(1))) : OptionalLong.empty(),
                Long.parseLong(matcher.group(2)));
    }
}
