package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The WAR as an operator deploys it: again, with the data elsewhere, with a database that isn't there. */
class DeploymentIT {
    private static final int ROUNDS = 3;

    @TempDir
    Path folder;

    private Path data = Path.of("/");

    @BeforeEach
    void dataOfItsOwn() {
        data = folder.resolve("data");
    }

    @AfterEach
    void undeploy() {
        Other.undeploy();
    }

    @Test
    void leavesNothingBehindAndLosesNothing() throws Exception {
        int logBefore = Server.log().length();
        deploy();
        assertEquals(200, send("PUT", "/files/a.bin", "firmware").statusCode());
        assertEquals(200, send("PUT", "/devices/1", "1,1,a.bin").statusCode());
        List<String> threadsOfOthers = new ArrayList<>(threads());
        for (int own = 0; own < 4; own++) {
            assertTrue(threadsOfOthers.remove("fuota"), "the application's own threads");
        }

        for (int round = 0; round < ROUNDS; round++) {
            Server.manager("undeploy?path=/other");
            assertEquals(List.of(), filesOpenBelow(data));
            deploy();
            assertEquals("a.bin", send("GET", "/devices/1?app_ver=1", null).body());
            assertEquals("firmware", send("GET", "/files/a.bin", null).body());
            assertEquals(200, send("GET", "/health/ready", null).statusCode());
            assertEquals(200, send("GET", "/metrics", null).statusCode());
        }
        Server.manager("undeploy?path=/other");

        assertFalse(Server.isLeaked("/other"));
        assertEquals(threadsOfOthers, threads());
        String log = Server.log().substring(logBefore);
        assertEquals(List.of(), Server.warnings(log), log);
    }

    @Test
    void answersPollsWithoutDatabaseAndGoesOnWhenItComes() throws IOException {
        Files.createDirectories(data);
        // A file where the database's folder should be.
        Files.writeString(data.resolve("db"), "");
        int logBefore = Server.log().length();

        deploy();

        HttpResponse<String> poll = send("GET", "/devices/1?app_ver=1", null);
        assertEquals(204, poll.statusCode());
        assertEquals(400, send("GET", "/devices/1", null).statusCode());
        assertEquals(400, send("GET", "/devices/1%0A?app_ver=1", null).statusCode());
        for (HttpResponse<String> refused : List.of(
                send("GET", "/devices", null),
                send("GET", "/files", null),
                send("PUT", "/devices/1", "1,1,a.bin"),
                send("PUT", "/files/a.bin", "firmware"),
                send("GET", "/files/a.bin", null),
                send("DELETE", "/devices/1", null))) {
            assertEquals(503, refused.statusCode());
            assertEquals("the database doesn't answer; the server's log tells why\n", refused.body());
        }
        String log = Server.log().substring(logBefore);
        assertTrue(log.contains("can't be used: until it can, polls are answered 204"), log);
        assertTrue(log.contains("can't check for updates: 1 polls"), log);
        assertTrue(log.contains("unable to open database file"), "with its cause: " + log);

        Files.delete(data.resolve("db"));
        Files.createDirectory(data.resolve("db"));
        assertEquals(200, send("PUT", "/files/a.bin", "firmware").statusCode());
        assertEquals(200, send("PUT", "/devices/1", "1,1,a.bin").statusCode());
        assertEquals(200, send("GET", "/devices/1?app_ver=1", null).statusCode());
    }

    @Test
    void answersPollsWithoutTheFolderOfTheFiles() throws IOException {
        deploy();
        assertEquals(200, send("PUT", "/files/a.bin", "firmware").statusCode());
        assertEquals(200, send("PUT", "/devices/1", "1,1,a.bin").statusCode());
        Files.move(data.resolve("blobs"), data.resolve("away"));

        assertEquals(204, send("GET", "/devices/1?app_ver=1", null).statusCode());
        HttpResponse<String> assigned = send("PUT", "/devices/1", "1,1,a.bin");
        assertEquals(200, assigned.statusCode());
        assertTrue(assigned.body().contains("warning: update file a.bin can't be read"), assigned.body());
        assertEquals(500, send("GET", "/files/a.bin", null).statusCode());
        assertEquals(500, send("PUT", "/files/a.bin", "firmware").statusCode());

        Files.createDirectory(data.resolve("blobs"));
        assertEquals(404, send("GET", "/devices/1?app_ver=1", null).statusCode());
        Files.delete(data.resolve("blobs"));
        Files.move(data.resolve("away"), data.resolve("blobs"));
        assertEquals(200, send("GET", "/devices/1?app_ver=1", null).statusCode());
    }

    @Test
    void takesAHundredThousandRowsAtOnce() throws IOException {
        deploy();
        String body = IntStream.range(0, 100_000)
                .mapToObj(i -> "%06d,1,a.bin\n".formatted(i))
                .collect(Collectors.joining());
        String warning = "warning: update file a.bin isn't uploaded yet; until it is, polls are answered 404"
                + " (100000 devices, the first 000000)\n";

        String created = send("PUT", "/devices", body).body();
        String again = send("PUT", "/devices", body).body();

        assertEquals("100000 assignments: 100000 created, 0 changed, 0 the same\n" + warning, created);
        assertEquals("100000 assignments: 0 created, 0 changed, 100000 the same\n" + warning, again);
        assertTrue(send("GET", "/fleet?by=state", null).body().contains("\"unavailable\",\"100000\""));
    }

    @Test
    void refusesUploadsThatLeaveTooLittleOfTheDisk() throws IOException {
        deploy(context -> context.replace("${fuota.min.free.bytes:-67108864}", "9000000000000000"));

        HttpResponse<String> full = send("PUT", "/files/a.bin", "firmware");

        assertEquals(507, full.statusCode());
        assertEquals("the server's disk is full\n", full.body());
        assertEquals(200, send("PUT", "/devices/1", "1,1,a.bin").statusCode());
    }

    @Test
    void saysWhatIsWrongWithItsConfiguration() throws IOException {
        int logBefore = Server.log().length();
        String context = Files.readString(Path.of("tomcat-conf/ROOT.xml"))
                .replace("${fuota.data:-/var/lib/fuota}/files", "relative/files");

        String answer = Other.tryToDeploy(folder, context);

        assertTrue(answer.startsWith("FAIL"), answer);
        String log = Server.log().substring(logBefore);
        assertTrue(
                log.contains("Fuota's configuration, in the application's context XML:"
                        + " fuota/files is relative/files, which isn't an absolute path"),
                log);
    }

    private void deploy() throws IOException {
        deploy(context -> context);
    }

    private void deploy(UnaryOperator<String> change) throws IOException {
        Other.deploy(folder, change);
    }

    private static HttpResponse<String> send(
            String method, String path, @org.jspecify.annotations.Nullable String body) {
        return Other.send(method, path, body);
    }

    private static List<String> threads() throws IOException {
        try (JMXConnector connector = jmx()) {
            ThreadMXBean threads = ManagementFactory.newPlatformMXBeanProxy(
                    connector.getMBeanServerConnection(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
            return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                    .filter(thread -> thread != null)
                    .map(thread -> thread.getThreadName())
                    // Tomcat's and the JVM's own pools come and go.
                    .filter(
                            name -> !name.matches(
                                    "https?-.*|Catalina-.*|RMI .*|JMX .*|GC .*|G1 .*|C[12] .*|Cleaner.*|ForkJoin.*|Attach.*|.*Compiler.*"))
                    .sorted()
                    .toList();
        }
    }

    /** Linux: what the server's process has open, its database and its update files. */
    private static List<String> filesOpenBelow(Path folder) throws IOException {
        long pid;
        try (JMXConnector connector = jmx()) {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            pid = ManagementFactory.newPlatformMXBeanProxy(
                            server, ManagementFactory.RUNTIME_MXBEAN_NAME, java.lang.management.RuntimeMXBean.class)
                    .getPid();
        }
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            return descriptors
                    .map(DeploymentIT::target)
                    .filter(target -> target.startsWith(folder.toString()))
                    .toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static JMXConnector jmx() throws IOException {
        return JMXConnectorFactory.connect(
                new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + Server.JMX_PORT + "/jmxrmi"));
    }
}
