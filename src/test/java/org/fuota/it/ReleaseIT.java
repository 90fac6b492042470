package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.fuota.image.EspImageBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code deploy/release}, as the pipelines in {@code docs/rollouts.md} run it. */
@Timeout(300)
class ReleaseIT {
    private static final Map<String, String> TAG =
            Map.of("GitHub Actions", "GITHUB_REF_NAME", "GitLab CI", "CI_COMMIT_TAG");

    @TempDir
    Path folder;

    /** Of the release: rollouts are for ever. */
    private final String tag = "2.0." + UUID.randomUUID().toString().substring(0, 8);

    private final String path = "sensor.bin." + tag;
    private final String old = "old-" + tag;
    private final String board = "released-" + tag;

    @BeforeEach
    void build() throws IOException {
        Files.write(folder.resolve("sensor.bin"), EspImageBuilder.application().build());
        Files.writeString(
                folder.resolve("rollout.json"),
                "{\"file\": \"%s\", \"replaces\": [\"%s\"], \"stages\": [100], \"soak\": \"PT0S\"}"
                        .formatted(path, old));
        Files.createSymbolicLink(folder.resolve("deploy"), Path.of("deploy").toAbsolutePath());
        poll(old);
        Server.awaitPolls("");
    }

    @AfterEach
    void stop() {
        admin("POST", "/rollouts/" + tag + "/stop", "");
        admin("DELETE", "/files/" + path, "");
        admin("DELETE", "/fleet/" + board, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GitHub Actions", "GitLab CI"})
    void releasesAsThePipelineDoes(String pipeline) throws Exception {
        List<String> steps = steps(pipeline);
        assertEquals(
                List.of("make sensor.bin", "upload", "rollout", "wait"),
                steps.stream()
                        .map(step -> step.startsWith("deploy/release") ? step.split(" ")[1] : step)
                        .toList());

        // Twice, as when a job is run again.
        for (String said :
                List.of("stored ", "update file " + path + " is there already, with the bytes of sensor.bin\n")) {
            Run upload = run(steps.get(1), "publisher", Server.PUBLISHER_PASSWORD);
            assertEquals(0, upload.exit(), upload.output());
            assertTrue(upload.output().startsWith(said), upload.output());
        }
        for (String said : List.of("rollout " + tag + " is running\n", "rollout " + tag + " is running already\n")) {
            Run rollout = run(steps.get(2), "admin", Server.ADMIN_PASSWORD);
            assertEquals(0, rollout.exit(), rollout.output());
            assertTrue(rollout.output().startsWith(said), rollout.output());
        }
        Process waiting = start(steps.get(3), "viewer", "it-viewer-password");
        BufferedReader output = waiting.inputReader(StandardCharsets.UTF_8);
        assertEquals("rollout " + tag + " is running", output.readLine());
        assertEquals(path, poll(old).body());
        poll("new-" + tag);

        List<String> rest = output.lines().toList();
        assertEquals(0, waiting.waitFor(), rest.toString());
        assertTrue(rest.contains("rollout " + tag + " is completed"), rest.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "pause, 3, paused: by admin: hall 3 goes dark; look at its boards",
        "stop, 4, stopped: by admin: hall 3 goes dark"
    })
    void failsWhenTheRolloutIsHeld(String action, int exit, String reason) throws Exception {
        step("upload sensor.bin " + path, 0);
        step("rollout " + tag + " rollout.json", 0);
        Process waiting = start("deploy/release wait " + tag, "admin", Server.ADMIN_PASSWORD);
        BufferedReader output = waiting.inputReader(StandardCharsets.UTF_8);
        assertEquals("rollout " + tag + " is running", output.readLine());

        admin("POST", "/rollouts/" + tag + "/" + action, "hall 3 goes dark");

        List<String> rest = output.lines().toList();
        assertEquals(exit, waiting.waitFor(), rest.toString());
        assertTrue(rest.get(rest.size() - 1).startsWith("release: rollout " + tag + " is " + reason), rest.toString());
    }

    @Test
    void replacesNothing() throws Exception {
        step("upload sensor.bin " + path, 0);
        Files.write(
                folder.resolve("sensor.bin"),
                EspImageBuilder.application().description(48, "other\0").build());

        Run publisher = run("deploy/release upload sensor.bin " + path, "publisher", Server.PUBLISHER_PASSWORD);
        Run admin = step("upload sensor.bin " + path, 1);

        assertEquals(1, publisher.exit());
        assertTrue(
                publisher
                        .output()
                        .endsWith(" answers 403: update file " + path + " is there already: the role"
                                + " fuota-publisher uploads only to a path that doesn't exist yet\n"),
                publisher.output());
        assertTrue(admin.output().contains(" answers 412: update file " + path + " doesn't meet"), admin.output());
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertTrue(step("", 2).output().startsWith("release: say what to do: "));
        assertTrue(step("wait", 2).output().startsWith("release: say what to do: "));
        assertTrue(step("upload absent.bin x", 2).output().contains("there is no file absent.bin"));
        assertTrue(step("rollout " + tag + " rollout.json", 1)
                .output()
                .endsWith(" answers 404: there is no update file " + path + "\n"));
        assertTrue(step("wait " + tag, 1).output().endsWith(" answers 404: there is no rollout " + tag + "\n"));
        assertTrue(step("upload rollout.json " + path, 1).output().contains(" answers 422: "));
        assertTrue(run("deploy/release wait " + tag, "admin", "wrong").output().contains(" answers 403: credentials"));
        assertTrue(run("deploy/release wait " + tag, "admin", "").output().contains("set FUOTA_PASSWORD"));
        assertTrue(run("FUOTA=https://127.0.0.1:1 deploy/release rollout x rollout.json", "admin", "x")
                .output()
                .endsWith("release: https://127.0.0.1:1 doesn't answer\n"));
    }

    /** All users of a machine see command lines. */
    @Test
    void putsNoPasswordOnACommandLine() throws Exception {
        Path curl = Files.createDirectory(folder.resolve("bin")).resolve("curl");
        Files.writeString(curl, """
                #!/bin/sh
                echo "$*" >>%s/arguments
                exec /usr/bin/curl "$@"
                """.formatted(folder));
        Files.setPosixFilePermissions(curl, PosixFilePermissions.fromString("rwxr-xr-x"));

        Run upload = run(
                "PATH=" + curl.getParent() + ":$PATH deploy/release upload sensor.bin " + path,
                "publisher",
                Server.PUBLISHER_PASSWORD);

        assertEquals(0, upload.exit(), upload.output());
        String arguments = Files.readString(folder.resolve("arguments"));
        assertTrue(arguments.contains("/files/" + path), arguments);
        assertFalse(arguments.contains("publisher"), arguments);
    }

    /** What an answer to a command was. */
    private record Run(int exit, String output) {}

    /** As an admin. */
    private Run step(String arguments, int exit) throws Exception {
        Run run = run("deploy/release " + arguments, "admin", Server.ADMIN_PASSWORD);
        assertEquals(exit, run.exit(), run.output());
        return run;
    }

    private Run run(String command, String user, String password) throws Exception {
        Process process = start(command, user, password);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    private Process start(String command, String user, String password) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "FUOTA",
                        Server.ROOT + "/",
                        "FUOTA_CA",
                        Server.CERTIFICATE.toAbsolutePath().toString(),
                        "FUOTA_USER",
                        user,
                        "FUOTA_PASSWORD",
                        password,
                        "FUOTA_INTERVAL",
                        "1"));
        TAG.values().forEach(variable -> builder.environment().put(variable, tag));
        return builder.start();
    }

    /** All that the jobs of a pipeline run, in its order. */
    private static List<String> steps(String pipeline) throws IOException {
        String text = Files.readString(Path.of("docs/rollouts.md"));
        int start = text.indexOf("```yaml\n", text.indexOf("\n" + pipeline + ", with")) + "```yaml\n".length();
        Object yaml = new Load(LoadSettings.builder().build())
                .loadFromString(text.substring(start, text.indexOf("```", start)));
        List<String> steps = new ArrayList<>();
        collect(yaml, steps);
        String variable = "$" + TAG.get(pipeline);
        assertTrue(steps.stream().skip(1).allMatch(step -> step.contains(variable)), steps::toString);
        return steps;
    }

    private static void collect(Object yaml, List<String> steps) {
        if (yaml instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (key.equals("run")) {
                    steps.add((String) value);
                } else if (key.equals("script")) {
                    ((List<?>) value).forEach(line -> steps.add((String) line));
                } else {
                    collect(value, steps);
                }
            });
        } else if (yaml instanceof List<?> list) {
            list.forEach(value -> collect(value, steps));
        }
    }

    private HttpResponse<String> poll(String version) {
        return Server.send("GET", "/devices/" + board + "?app_ver=" + version, Server.DEVICE, (String) null);
    }

    private static void admin(String method, String path, String body) {
        Server.send(method, path, Server.ADMIN, body);
    }
}
