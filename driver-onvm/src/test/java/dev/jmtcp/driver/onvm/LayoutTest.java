package dev.jmtcp.driver.onvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers and layouts of this driver, as a C program sees them in the header of the manager for tests. */
class LayoutTest {

    @Test
    void numbersAndLayouts_areThoseOfTheManager(@TempDir Path directory) throws Exception {
        Needs.command("gcc", "gcc libc6-dev");
        Needs.device(Path.of("/usr/include/dpdk/rte_ethdev.h"));
        Map<String, Long> ours = ours();
        assertThat(askCompiler(ours, directory)).isEqualTo(ours);
    }

    /** What the driver takes for granted, by C expression. */
    private static Map<String, Long> ours() {
        var ours = new LinkedHashMap<String, Long>();
        ours.put("FUNCTIONS", (long) OnvmLayout.INSTANCES);
        ours.put("SERVICES", (long) OnvmLayout.SERVICES_MAX);
        ours.put("FUNCTIONS_A_SERVICE", (long) OnvmLayout.INSTANCES_PER_SERVICE);
        ours.put("RTE_MAX_ETHPORTS", (long) OnvmLayout.PORTS_MAX);

        ours.put("sizeof(struct message_element)", (long) OnvmLayout.Message.SIZE);
        ours.put("offsetof(struct message_element, type)", (long) OnvmLayout.Message.TYPE);
        ours.put("offsetof(struct message_element, data)", (long) OnvmLayout.Message.DATA);
        ours.put("STOP", (long) OnvmLayout.Message.STOP);
        ours.put("STARTING", (long) OnvmLayout.Message.STARTING);
        ours.put("STOPPING", (long) OnvmLayout.Message.STOPPING);
        ours.put("READY", (long) OnvmLayout.Message.READY);

        ours.put("sizeof(struct application)", (long) OnvmLayout.Request.SIZE);
        ours.put("offsetof(struct application, id)", (long) OnvmLayout.Request.INSTANCE);
        ours.put("offsetof(struct application, service)", (long) OnvmLayout.Request.SERVICE);
        ours.put("offsetof(struct application, core)", (long) OnvmLayout.Request.CPU);
        ours.put("offsetof(struct application, options)", (long) OnvmLayout.Request.OPTIONS);
        ours.put("offsetof(struct application, state)", (long) OnvmLayout.Request.STATUS);
        ours.put("offsetof(struct application, tag)", (long) OnvmLayout.Request.TAG);
        ours.put("offsetof(struct application, seconds_to_live)", (long) OnvmLayout.Request.TIME_TO_LIVE);
        ours.put("offsetof(struct application, packet_limit)", (long) OnvmLayout.Request.PACKET_LIMIT);
        ours.put("ANY", (long) OnvmLayout.Request.ANY_INSTANCE);
        ours.put("MANUAL_CORE", (long) OnvmLayout.Request.MANUAL_CPU);
        ours.put("SHARED_CORE", (long) OnvmLayout.Request.SHARED_CPU);

        ours.put("sizeof(struct function)", (long) OnvmLayout.Function.SIZE);
        ours.put("offsetof(struct function, receive)", (long) OnvmLayout.Function.RECEIVE_QUEUE);
        ours.put("offsetof(struct function, transmit)", (long) OnvmLayout.Function.TRANSMIT_QUEUE);
        ours.put("offsetof(struct function, messages)", (long) OnvmLayout.Function.MESSAGE_QUEUE);
        ours.put("offsetof(struct function, own_transmitter)", (long) OnvmLayout.Function.TRANSMIT_MANAGER);
        ours.put("offsetof(struct function, id)", (long) OnvmLayout.Function.INSTANCE);
        ours.put("offsetof(struct function, service)", (long) OnvmLayout.Function.SERVICE);
        ours.put("offsetof(struct function, state)", (long) OnvmLayout.Function.STATUS);
        ours.put("offsetof(struct function, tag)", (long) OnvmLayout.Function.TAG);
        ours.put("offsetof(struct function, data)", (long) OnvmLayout.Function.DATA);
        ours.put("offsetof(struct function, thread.core)", (long) OnvmLayout.Function.CPU);
        ours.put("offsetof(struct function, thread.parent)", (long) OnvmLayout.Function.PARENT);
        ours.put("offsetof(struct function, thread.children)", (long) OnvmLayout.Function.CHILDREN);
        ours.put("offsetof(struct function, handlers)", (long) OnvmLayout.Function.FUNCTION_TABLE);
        ours.put("offsetof(struct function, count.rx)", (long) OnvmLayout.Function.RX);
        ours.put("offsetof(struct function, count.rx_drop)", (long) OnvmLayout.Function.RX_DROP);
        ours.put("offsetof(struct function, count.tx)", (long) OnvmLayout.Function.TX);
        ours.put("offsetof(struct function, count.tx_drop)", (long) OnvmLayout.Function.TX_DROP);
        ours.put("offsetof(struct function, count.tx_returned)", (long) OnvmLayout.Function.TX_RETURNED);

        ours.put("sizeof(struct meta)", (long) OnvmLayout.Meta.SIZE);
        ours.put("_Alignof(struct meta)", (long) OnvmLayout.Meta.ALIGNMENT);
        ours.put("offsetof(struct meta, action)", (long) OnvmLayout.Meta.ACTION);
        ours.put("offsetof(struct meta, destination)", (long) OnvmLayout.Meta.DESTINATION);
        ours.put("offsetof(struct meta, source)", (long) OnvmLayout.Meta.SOURCE);
        ours.put("offsetof(struct meta, chain_index)", (long) OnvmLayout.Meta.CHAIN_INDEX);
        ours.put("offsetof(struct meta, flags)", (long) OnvmLayout.Meta.FLAGS);
        ours.put("TO_FUNCTION", (long) OnvmLayout.Meta.TO_SERVICE);
        ours.put("OUT", (long) OnvmLayout.Meta.OUT);

        ours.put("sizeof(struct ports)", (long) OnvmLayout.Ports.SIZE);
        ours.put("offsetof(struct ports, count)", (long) OnvmLayout.Ports.COUNT);
        ours.put("offsetof(struct ports, id)", (long) OnvmLayout.Ports.IDS);
        ours.put("offsetof(struct ports, started)", (long) OnvmLayout.Ports.INITIALIZED);
        ours.put("offsetof(struct ports, mac)", (long) OnvmLayout.Ports.ADDRESSES);
        return ours;
    }

    /** What the expressions are there. */
    private static Map<String, Long> askCompiler(Map<String, Long> expressions, Path directory)
            throws IOException, InterruptedException {
        var source =
                new StringBuilder("#include <stddef.h>\n#include <stdio.h>\n#include \"onvm.h\"\nint main(void) {\n");
        for (String expression : expressions.keySet()) {
            source.append("    printf(\"%llu ").append(expression).append("\\n\", (unsigned long long) (");
            source.append(expression).append("));\n");
        }
        source.append("    return 0;\n}\n");
        Path file = directory.resolve("layout.c");
        Path program = directory.resolve("layout");
        Files.writeString(file, source);
        output(
                "gcc",
                "-march=corei7",
                "-Isrc/test/c",
                "-I/usr/include/dpdk",
                "-I/usr/include/x86_64-linux-gnu/dpdk",
                "-include",
                "rte_config.h",
                "-o",
                program.toString(),
                file.toString());
        var answers = new LinkedHashMap<String, Long>();
        output(program.toString()).lines().forEach(line -> {
            int blank = line.indexOf(' ');
            answers.put(line.substring(blank + 1), Long.parseUnsignedLong(line.substring(0, blank)));
        });
        return answers;
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
