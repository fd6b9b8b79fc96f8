package dev.jmtcp.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import dev.jmtcp.core.metrics.Counters;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Dependencies between the packages run one way, and the engine has no clock, no chance, no threads and no log. */
class ArchitectureTest {

    /** Each may use those before it. */
    private static final List<String> LAYERS =
            List.of("metrics", "wire", "timer", "buffer", "tcp", "ip", "link", "stack", "socket");

    /** These stand beside the engine and use no more of it than {@link #SHARED}; of the layers, only the highest may use them. */
    private static final List<String> APART = List.of("config", "driver");

    private static final List<String> SHARED = List.of("metrics", "wire");

    private static final List<String> ENGINE = LAYERS.subList(0, LAYERS.indexOf("stack"));

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() throws URISyntaxException {
        var location = Counters.class.getProtectionDomain().getCodeSource().getLocation();
        classes = new ClassFileImporter().importPath(Path.of(location.toURI()));
    }

    @ParameterizedTest
    @FieldSource("LAYERS")
    void layer_usesOnlyLowerOnes(String layer) {
        var forbidden = new ArrayList<>(LAYERS.subList(LAYERS.indexOf(layer) + 1, LAYERS.size()));
        if (!layer.equals("socket")) {
            forbidden.addAll(APART);
        }
        mustNotUse(layer, forbidden);
    }

    @ParameterizedTest
    @FieldSource("APART")
    void packageApart_usesNoEngine(String name) {
        var forbidden = new ArrayList<>(LAYERS);
        forbidden.removeAll(SHARED);
        mustNotUse(name, forbidden);
    }

    @Test
    void engine_doesNotLog() {
        engineClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.slf4j..", "java.util.logging..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(System.Logger.class)
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void engine_hasNoClock() {
        engineClasses()
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(InstantSource.class)
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void engine_hasNoRandomSourceOfItsOwn() {
        engineClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .orShould()
                .callMethod(Math.class, "random")
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void engine_hasNoThreads() {
        engineClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.concurrent..")
                .allowEmptyShould(true)
                .check(classes);
    }

    private static void mustNotUse(String user, List<String> forbidden) {
        if (forbidden.isEmpty()) {
            return;
        }
        noClasses()
                .that()
                .resideInAPackage(packageName(user))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packageNames(forbidden))
                .allowEmptyShould(true)
                .check(classes);
    }

    private static GivenClassesConjunction engineClasses() {
        return noClasses().that().resideInAnyPackage(packageNames(ENGINE));
    }

    private static String packageName(String name) {
        return "dev.jmtcp.core." + name + "..";
    }

    private static String[] packageNames(Collection<String> names) {
        return names.stream().map(ArchitectureTest::packageName).toArray(String[]::new);
    }
}
