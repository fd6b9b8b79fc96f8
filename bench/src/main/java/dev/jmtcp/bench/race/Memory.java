package dev.jmtcp.bench.race;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The memory that live objects take, and that native segments do. From the JVM's own books: the class histogram, which collects garbage first, and native memory
 * tracking ({@code -XX:NativeMemoryTracking=summary}), where segments stand under "Other".
 *
 * @param byClass the bytes of live objects on the heap, by class
 * @param nativeBytes what segments take
 */
public record Memory(Map<String, Long> byClass, long nativeBytes) {

    private static final Pattern CLASS = Pattern.compile("^ *\\d+: +\\d+ +(\\d+) +(\\S+)", Pattern.MULTILINE);
    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=\\d+, committed=(\\d+)\\)");

    /** The memory in use now. */
    public static Memory now() {
        Map<String, Long> byClass = new LinkedHashMap<>();
        Matcher line = CLASS.matcher(ask("gcClassHistogram"));
        while (line.find()) {
            byClass.merge(line.group(2), Long.parseLong(line.group(1)), Long::sum);
        }
        Matcher other = OTHER.matcher(ask("vmNativeMemory", "summary", "scale=b"));
        if (!other.find()) {
            throw new IllegalStateException("native memory is not tracked: -XX:NativeMemoryTracking=summary is needed");
        }
        return new Memory(byClass, Long.parseLong(other.group(1)));
    }

    /** What has been added since. */
    public Memory minus(Memory before) {
        Map<String, Long> more = new LinkedHashMap<>();
        byClass.forEach((name, bytes) -> {
            long added = bytes - before.byClass.getOrDefault(name, 0L);
            if (added != 0) {
                more.put(name, added);
            }
        });
        before.byClass.forEach((name, bytes) -> {
            if (!byClass.containsKey(name)) {
                more.put(name, -bytes);
            }
        });
        return new Memory(more, nativeBytes - before.nativeBytes);
    }

    /** The bytes of all objects on the heap. */
    public long heapBytes() {
        return byClass.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String ask(String command, String... arguments) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            var commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
            Object answer =
                    server.invoke(commands, command, new Object[] {arguments}, new String[] {String[].class.getName()});
            return String.valueOf(answer);
        } catch (JMException e) {
            throw new IllegalStateException(command + ": " + e.getMessage(), e);
        }
    }
}
