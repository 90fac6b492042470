package org.fuota.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.fuota.error.ErrorCode;
import org.fuota.web.FailedLogins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics(null);

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void countsPolls() {
        Consumer<Size> polls = metrics.polls(Size.class);
        polls.accept(Size.BIG);
        polls.accept(Size.BIG);

        assertEquals(
                List.of("fuota_polls_total{answer=\"big\"} 2.0", "fuota_polls_total{answer=\"small\"} 0.0"),
                lines("fuota_polls"));
    }

    @Test
    void tellsOfWhichOfSeveralNodesTheyAre() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Metrics ofNode = new Metrics("node-1")) {
            ofNode.uploaded(true);
            ofNode.devices(() -> Map.of("stuck", 1L));
            ofNode.scrape(out);
        }
        String scraped = out.toString(StandardCharsets.UTF_8);

        assertTrue(scraped.contains("\nfuota_uploads_total{node=\"node-1\",result=\"stored\"} 1.0\n"), scraped);
        // All nodes have the same fleet.
        assertTrue(scraped.contains("\nfuota_devices{state=\"stuck\"} 1.0\n"), scraped);
        assertFalse(scrape().contains("node="));
    }

    @Test
    void countsDownloadsAndTheirBytes() {
        metrics.downloaded(false, 1000);
        metrics.downloaded(true, 10);
        metrics.downloaded(true, 0);

        assertEquals(
                List.of(
                        "fuota_download_bytes_total{status=\"200\"} 1000.0",
                        "fuota_download_bytes_total{status=\"206\"} 10.0",
                        "fuota_downloads_total{status=\"200\"} 1.0",
                        "fuota_downloads_total{status=\"206\"} 2.0"),
                lines("fuota_download"));
    }

    @Test
    void countsUploads() {
        metrics.uploaded(true);
        metrics.uploaded(false);
        metrics.uploaded(false);

        assertEquals(
                List.of("fuota_uploads_total{result=\"stored\"} 1.0", "fuota_uploads_total{result=\"unchanged\"} 2.0"),
                lines("fuota_uploads"));
    }

    @Test
    void countsRefusalsAndShowsAllReasonsFromTheStart() {
        metrics.refusals().accept(ErrorCode.NOT_FOUND);

        List<String> lines = lines("fuota_refusals");
        assertEquals(ErrorCode.values().length, lines.size());
        assertTrue(lines.contains("fuota_refusals_total{reason=\"not_found\"} 1.0"), lines.toString());
        assertTrue(lines.contains("fuota_refusals_total{reason=\"credentials\"} 0.0"), lines.toString());
    }

    @Test
    void countsFailedLogins() {
        metrics.failedLogins().accept(FailedLogins.Answer.SLOWED);

        assertEquals(
                List.of(
                        "fuota_failed_logins_total{answer=\"at_once\"} 0.0",
                        "fuota_failed_logins_total{answer=\"closed\"} 0.0",
                        "fuota_failed_logins_total{answer=\"slowed\"} 1.0"),
                lines("fuota_failed_logins"));
    }

    @Test
    void showsWhatIsMeasured() {
        metrics.writeBehind(() -> Duration.ofMillis(1500), () -> 7);
        metrics.connections(() -> 1, () -> 2, () -> 3);
        metrics.freeBytes(() -> 4L);
        metrics.certificate(() -> Instant.ofEpochSecond(5));
        metrics.version("1.2.3");
        System.gc();

        assertEquals(
                List.of(
                        "fuota_info{version=\"1.2.3\"} 1",
                        "fuota_certificate_expiration_timestamp_seconds 5.0",
                        "fuota_database_connections{state=\"active\"} 1.0",
                        "fuota_database_connections{state=\"idle\"} 2.0",
                        "fuota_database_connections_max 3.0",
                        "fuota_files_free_bytes 4.0",
                        "fuota_poll_drops_total 7.0",
                        "fuota_poll_write_lag_seconds 1.5"),
                lines("fuota_").stream()
                        .filter(line -> !line.matches("fuota_(download|upload).*"))
                        .toList());
    }

    @Test
    void showsDevicesByState() {
        metrics.devices(() -> Map.of("stuck", 3L));

        assertEquals(List.of("fuota_devices{state=\"stuck\"} 3.0"), lines("fuota_devices"));
    }

    @Test
    void goesOnWithoutWhatCannotBeMeasured() {
        metrics.devices(() -> {
            throw new IllegalStateException("database gone");
        });
        metrics.freeBytes(() -> {
            throw new IOException("disk gone");
        });

        assertFalse(scrape().contains("fuota_devices"));
        assertEquals(List.of("fuota_files_free_bytes NaN"), lines("fuota_files"));
        assertFalse(lines("fuota_uploads").isEmpty());
    }

    @Test
    void showsTheJvm() {
        for (String name : List.of(
                "jvm_memory_used_bytes{",
                "jvm_gc_memory_allocated_bytes_total ",
                "jvm_threads_live_threads ",
                "jvm_classes_loaded_classes ",
                "jvm_info{",
                "process_cpu_usage ",
                "process_files_open_files ",
                "process_uptime_seconds ")) {
            assertFalse(lines(name).isEmpty(), name);
        }
    }

    private List<String> lines(String prefix) {
        return scrape().lines().filter(line -> line.startsWith(prefix)).toList();
    }

    private String scrape() {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            metrics.scrape(out);
            return out.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private enum Size {
        BIG,
        SMALL
    }
}
