package dev.jmtcp.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All targets with all inputs that are kept, and then for a while with new ones: a minute each in the full test suite, a moment otherwise. {@code bin/fuzz} runs
 * this for longer and keeps what it learns.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FuzzTest {

    private final Map<Target, Future<Fuzzing.Outcome>> runs = new EnumMap<>(Target.class);
    private ExecutorService processes;

    @BeforeAll
    void start() {
        Set<String> chosen = new HashSet<>(
                Set.of(System.getProperty("jmtcp.fuzz.targets", "").split(",", -1)));
        processes = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        for (Target target : Target.values()) {
            if (chosen.contains("") || chosen.contains(target.toString())) {
                runs.put(target, processes.submit(new Fuzzing(target)));
            }
        }
    }

    @AfterAll
    void stop() {
        processes.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource
    void inputsKept_findNothing(Target target) throws Throwable {
        assertThat(target.inputs()).isNotEmpty();
        for (Path file : target.inputs()) {
            try {
                target.run(Files.readAllBytes(file));
            } catch (Throwable e) {
                throw new AssertionError(file + ": " + e, e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 7, unit = TimeUnit.DAYS) // the runs have their own
    void newInputs_findNothing(Target target) throws Exception {
        if (runs.containsKey(target)) {
            Fuzzing.Outcome outcome = runs.get(target).get();
            assertThat(outcome.exitCode())
                    .as("exit code; %s says:\n%s", outcome.log(), outcome.end())
                    .isZero();
            System.out.println(target + ": " + outcome.runs());
        }
    }
}
