package dev.jmtcp.driver.onvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalsTest {

    private static final OnvmOptions OPTIONS = new OnvmOptions(
            7,
            OptionalInt.of(9),
            OptionalInt.empty(),
            List.of(2, 5),
            false,
            new EalSettings("rte", "", List.of()),
            List.of());

    private static String explain(Status status) {
        return Refusals.explain(status, OPTIONS, 0, 1, 9);
    }

    @ParameterizedTest
    @CsvSource({
        "ID_CONFLICT, instance id 9, onvm_inst",
        "NO_IDS, 127, onvm_inst",
        "SERVICE_MAX, service 7, onvm_serv",
        "SERVICE_COUNT_MAX, 32, onvm_serv",
        "NO_CORES, -n, share_cores",
        "NO_DEDICATED_CORES, -n, share_cores",
        "CORE_OUT_OF_RANGE, CPU 2, core_mask",
        "CORE_BUSY, CPU 2, core_mask"
    })
    void refusal_saysWhatIsWrongAndWhatHelps(Status status, String what, String key) {
        assertThat(explain(status))
                .startsWith("the openNetVM manager refuses: ")
                .contains(status.name(), what, key);
    }

    @Test
    void answersThatAreNone_saySo() {
        for (Status status : EnumSet.of(Status.PAUSED, Status.STOPPED, Status.UNKNOWN)) {
            assertThat(explain(status)).contains("does not know", status.name());
        }
    }

    @Test
    void oneOfSeveralCores_isNamed() {
        assertThat(Refusals.explain(Status.CORE_BUSY, OPTIONS, 1, 2, 10))
                .startsWith("core 1 of 2: ")
                .contains("CPU 5");
    }
}
