package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program that has ended.
 *
 * @param output of standard output and standard error
 */
record Program(int exit, String output) {
    /**
     * @param environment beside what there is, but for libpq's
     * @param input what it reads from standard input
     */
    static Program run(Map<String, String> environment, String input, List<String> command) throws Exception {
        Path in = Files.writeString(Files.createTempFile("fuota", ".in"), input);
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectInput(in.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Program(process.waitFor(), output);
        } finally {
            Files.delete(in);
        }
    }

    /** Returns what it prints; fails when it does. */
    static String require(Map<String, String> environment, String input, String... command) throws Exception {
        Program program = run(environment, input, List.of(command));
        assertEquals(0, program.exit, program.output);
        return program.output;
    }

    /** Arguments parted by spaces, files put in for {@code %s}. */
    static void openssl(String arguments, Object... files) throws Exception {
        require(Map.of(), "", ("openssl " + arguments.formatted(files)).split(" "));
    }
}
