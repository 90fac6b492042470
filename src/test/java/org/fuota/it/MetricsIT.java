package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /metrics} as Prometheus scrapes it: what each request adds, and what is measured. */
@Timeout(60)
class MetricsIT {
    private static final String ACTIVE = "fuota_database_connections{state=\"active\"}";
    private static final String LABELS = "\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*}";

    @TempDir
    Path folder;

    @BeforeEach
    void filesAndDevices() {
        Server.upload("metrics.bin", new byte[1000]);
        Server.send("DELETE", "/files/metrics-new.bin", Server.ADMIN, (String) null);
        Server.assign("metrics", "1", "metrics.bin");
        Server.assign("metrics-missing", "1", "metrics.bin.absent");
    }

    @AfterEach
    void undeploy() {
        Server.send("DELETE", "/devices/metrics", Server.ADMIN, (String) null);
        Server.send("DELETE", "/devices/metrics-missing", Server.ADMIN, (String) null);
        Other.undeploy();
    }

    @Test
    void speaksPrometheus() {
        HttpResponse<String> answer = Server.send("GET", "/metrics", Server.MONITOR, (String) null);

        assertEquals(200, answer.statusCode());
        assertEquals(
                List.of("text/plain;version=0.0.4;charset=utf-8"),
                answer.headers().allValues("Content-Type"));
        assertEquals(List.of("nosniff"), answer.headers().allValues("X-Content-Type-Options"));
        assertEquals(
                !Server.IS_ON_SQLITE,
                answer.body().matches("(?s).*\nfuota_info\\{node=\"[A-Za-z0-9._-]+\",version=.*"));
        for (String line : answer.body().lines().toList()) {
            assertTrue(
                    line.matches("# (HELP|TYPE) [a-z0-9_]+ .+|[a-z0-9_]+(" + LABELS + ")? (-?[0-9.]+(E[0-9]+)?|NaN)"),
                    line);
        }
    }

    @ParameterizedTest(name = "{1} {2} by {0} adds {3}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            device | GET    | /devices/metrics?app_ver=1           | polls{answer="offered"}
            device | GET    | /devices/metrics?app_ver=2           | polls{answer="no_update"}
            device | GET    | /devices/metrics                     | polls{answer="malformed"} refusals{reason="invalid"}
            device | GET    | /devices/metrics-absent?app_ver=1    | polls{answer="unknown_device"} refusals{reason="not_found"}
            device | GET    | /devices/metrics-missing?app_ver=1   | polls{answer="file_missing"} refusals{reason="not_found"}
            device | GET    | /devices/a%0Ab?app_ver=1             | refusals{reason="invalid"}
            device | GET    | /files/metrics.bin                   | download_bytes{status="200"}=1000 downloads{status="200"}
            device | HEAD   | /files/metrics.bin                   | -
            device | GET    | /files/metrics.bin.absent            | refusals{reason="not_found"}
            admin  | PUT    | /files/metrics.bin                   | uploads{result="unchanged"}
            admin  | PUT    | /files/metrics-new.bin               | uploads{result="stored"}
            admin  | DELETE | /files/metrics.bin                   | refusals{reason="conflict"}
            admin  | PUT    | /files/metrics.bin/x                 | refusals{reason="conflict"}
            admin  | GET    | /files                               | -
            admin  | GET    | /nothing                             | refusals{reason="unknown_url"}
            nobody | GET    | /devices/metrics?app_ver=1           | refusals{reason="credentials"}
            device | GET    | /devices                             | refusals{reason="role"}
            nobody | GET    | /health/live                         | -
            nobody | GET    | /metrics                             | refusals{reason="credentials"}
            """)
    void counts(String user, String method, String path, @Nullable String added) throws Exception {
        Map<String, Double> before = scrape("");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Server.ROOT + path))
                .method(
                        method,
                        method.equals("PUT")
                                ? HttpRequest.BodyPublishers.ofByteArray(new byte[1000])
                                : HttpRequest.BodyPublishers.noBody());
        if (!user.equals("nobody")) {
            request.header("Authorization", user.equals("admin") ? Server.ADMIN : Server.DEVICE);
        }
        Server.send(request.build(), BodyHandlers.discarding());

        assertEquals(added == null ? "" : added, since(before));
    }

    @ParameterizedTest(name = "{0}: {1} adds {2}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            Range         | bytes=0-9         | download_bytes{status="206"}=10 downloads{status="206"}
            Range         | bytes=990-        | download_bytes{status="206"}=10 downloads{status="206"}
            Range         | bytes=1000-       | -
            Range         | bytes=0-1,3-4     | download_bytes{status="200"}=1000 downloads{status="200"}
            If-None-Match | *                 | -
            If-Match      | "x"               | refusals{reason="precondition_failed"}
            """)
    void countsDownloadsThatHaveBegun(String header, String value, @Nullable String added) {
        Map<String, Double> before = scrape("");

        Server.send(
                HttpRequest.newBuilder(URI.create(Server.ROOT + "/files/metrics.bin"))
                        .header("Authorization", Server.DEVICE)
                        .header(header, value)
                        .build(),
                BodyHandlers.discarding());

        assertEquals(added == null ? "" : added, since(before));
    }

    @Test
    void countsWhatComesOverPlainHttp() throws Exception {
        Map<String, Double> before = scrape("");

        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + Server.HTTP_PORT + "/metrics"))
                                .header("Authorization", Server.MONITOR)
                                .build(),
                        BodyHandlers.ofString());

        assertEquals(403, answer.statusCode());
        assertEquals("refusals{reason=\"forbidden\"}", since(before));
    }

    @Test
    void measures() throws Exception {
        Server.send("GET", "/devices/metrics?app_ver=2", Server.DEVICE, (String) null);
        Map<String, Double> metrics = scrape("");
        // Six are for polls, which a thread opens; and of several nodes the one that does what one does keeps a
        // connection for that.
        double active = Server.IS_ON_SQLITE ? 0 : 7;
        for (int tries = 0; tries < 500 && metrics.get(ACTIVE) != active; tries++) {
            TimeUnit.MILLISECONDS.sleep(20);
            metrics = scrape("");
        }

        assertEquals(active, metrics.get(ACTIVE));
        assertEquals(
                Server.certificate().getNotAfter().toInstant().getEpochSecond(),
                metrics.get("fuota_certificate_expiration_timestamp_seconds"));
        assertEquals(16, metrics.get("fuota_database_connections_max"));
        assertTrue(metrics.get("fuota_database_connections{state=\"idle\"}") >= 1);
        double free = metrics.get("fuota_files_free_bytes");
        assertTrue(free > 0 && free < Files.getFileStore(Server.FILES).getTotalSpace(), "free: " + free);
        assertEquals(0, metrics.get("fuota_poll_drops_total"));
        assertTrue(metrics.get("fuota_poll_write_lag_seconds") < 10);
        assertTrue(metrics.get("process_uptime_seconds") > 0);
        try (JarFile war = new JarFile(Server.WAR.toFile())) {
            String version = war.getManifest().getMainAttributes().getValue("Implementation-Version");
            assertEquals(1, metrics.get("fuota_info{version=\"" + version + "\"}"));
        }
    }

    @Test
    void countsDevicesByState() throws IOException {
        Other.deploy(folder, context -> context);
        assertEquals(200, Other.send("PUT", "/files/a.bin", "firmware").statusCode());
        assertEquals(200, Other.send("PUT", "/devices/1", "1,1,a.bin").statusCode());
        assertEquals(200, Other.send("PUT", "/devices/2", "2,1,a.bin").statusCode());
        assertEquals(200, Other.send("PUT", "/devices/3", "3,1,b.bin").statusCode());

        assertEquals(200, Other.send("PUT", "/devices/4", "4,1,a.bin").statusCode());
        for (String version : List.of("1", "2", "2", "2")) {
            Other.send("GET", "/devices/4?app_ver=" + version, null);
        }
        while (Other.send("GET", "/fleet?state=updated_silent", null).body().isEmpty()) {
            Thread.onSpinWait();
        }

        Map<String, Double> metrics = scrape("/other");

        assertEquals(2, metrics.get("fuota_devices{state=\"unseen\"}"));
        assertEquals(1, metrics.get("fuota_devices{state=\"updated_silent\"}"));
        assertEquals(0, metrics.get("fuota_devices{state=\"silent\"}"));
        assertEquals(0, metrics.get("fuota_devices{state=\"updated\"}"));
        assertEquals(1, metrics.get("fuota_devices{state=\"unavailable\"}"));
        assertEquals(0, metrics.get("fuota_devices{state=\"stuck\"}"));
    }

    @Test
    void goesOnWithoutDatabaseAndFolder() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/db"), "a file");
        Other.deploy(folder, context -> context);
        Other.deleteFolder(folder.resolve("data/blobs"));
        Map<String, Double> before = scrape("/other");
        assertEquals(204, Other.send("GET", "/devices/1?app_ver=1", null).statusCode());
        assertEquals(503, Other.send("GET", "/devices", null).statusCode());

        Map<String, Double> after = scrape("/other");

        assertEquals("polls{answer=\"trouble\"} refusals{reason=\"unavailable\"}", difference(before, after));
        assertFalse(after.keySet().stream().anyMatch(name -> name.startsWith("fuota_devices")), after.toString());
        assertTrue(Double.isNaN(after.get("fuota_files_free_bytes")));
    }

    @Test
    void countsWhatFailsWithoutTheFolderOfTheBytes() throws IOException {
        Other.deploy(folder, context -> context);
        assertEquals(200, Other.send("PUT", "/files/a.bin", "firmware").statusCode());
        Files.move(folder.resolve("data/blobs"), folder.resolve("away"));
        Map<String, Double> before = scrape("/other");

        assertEquals(500, Other.send("GET", "/files/a.bin", null).statusCode());

        assertEquals("refusals{reason=\"failed\"}", difference(before, scrape("/other")));
    }

    @Test
    void leavesOutAPoolThatItDoesNotKnow() throws IOException {
        Files.createDirectories(folder.resolve("data/db"));
        Other.deploy(
                folder,
                context -> context.replaceFirst(
                        "(?s)type=\"javax.sql.DataSource\".*?url=\"([^?]*).*?/>",
                        "type=\"org.sqlite.SQLiteDataSource\" factory=\"org.apache.naming.factory.BeanFactory\" url=\"$1\" />"));
        assertEquals(200, Other.send("GET", "/devices", null).statusCode());

        Map<String, Double> metrics = scrape("/other");

        assertFalse(metrics.keySet().stream().anyMatch(name -> name.startsWith("fuota_database")), metrics.toString());
        assertEquals(0, metrics.get("fuota_devices{state=\"stuck\"}"));
    }

    private static Map<String, Double> scrape(String context) {
        Map<String, Double> metrics = new TreeMap<>();
        Server.metrics(context)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> metrics.put(
                        line.substring(0, line.lastIndexOf(' ')),
                        Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
        return metrics;
    }

    private static String since(Map<String, Double> before) {
        return difference(before, scrape(""));
    }

    /** Our counters that have changed, without what all names have in common, and by how much where that isn't one. */
    private static String difference(Map<String, Double> before, Map<String, Double> after) {
        StringBuilder difference = new StringBuilder();
        after.forEach((name, value) -> {
            double added = value - before.getOrDefault(name, 0.0);
            if (name.matches("fuota_.*_total.*") && added != 0) {
                difference
                        .append(' ')
                        .append(name.replace("fuota_", "").replace("_total", ""))
                        .append(added == 1 ? "" : "=" + (long) added);
            }
        });
        return difference.toString().trim();
    }
}
