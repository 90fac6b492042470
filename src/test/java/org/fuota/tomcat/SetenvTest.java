package org.fuota.tomcat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What setenv.sh tells the JVM, and leaves to the operator. */
class SetenvTest {
    @TempDir
    Path base;

    @Test
    void choosesACollectorWhereNobodyHas() throws IOException, InterruptedException {
        assertEquals(
                List.of("-XX:+UseParallelGC"),
                options("CATALINA_OPTS", "").filter(SetenvTest::choosesGc).toList());
    }

    @ParameterizedTest
    @CsvSource({"CATALINA_OPTS, -XX:+UseG1GC, -XX:+UseG1GC", "JAVA_OPTS, -XX:+UseG1GC,"})
    void leavesTheCollectorToTheOperator(String variable, String option, String expected)
            throws IOException, InterruptedException {
        assertEquals(
                Stream.ofNullable(expected).toList(),
                options(variable, option).filter(SetenvTest::choosesGc).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:-UseTransparentHugePages", "-XX:+UseTransparentHugePages"})
    void leavesLargePagesToTheOperator(String option) throws IOException, InterruptedException {
        assertEquals(
                List.of(option),
                options("CATALINA_OPTS", option)
                        .filter(one -> one.contains("HugePages"))
                        .toList());
    }

    @Test
    void keepsWhatTheOperatorAddsOtherwise() throws IOException, InterruptedException {
        List<String> options = options("CATALINA_OPTS", "-Xmx1g").toList();

        assertTrue(options.contains("-Xmx1g"), options::toString);
        assertTrue(options.contains("-Djdk.tls.namedGroups=secp256r1,x25519"), options::toString);
    }

    private static boolean choosesGc(String option) {
        return option.matches("-XX:\\+Use\\w+GC");
    }

    /** What CATALINA_OPTS is afterwards. */
    private Stream<String> options(String variable, String value) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", ". tomcat-conf/setenv.sh && echo \"$CATALINA_OPTS\"")
                .redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        List.of("CATALINA_OPTS", "JAVA_OPTS", "FUOTA_TLS_GROUPS").forEach(environment::remove);
        environment.put("CATALINA_BASE", base.toString());
        environment.put(variable, value);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return Stream.of(output.strip().split("\\s+"));
    }
}
