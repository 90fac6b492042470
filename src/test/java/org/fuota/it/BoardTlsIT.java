package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A board's own TLS library, mbed TLS, as {@code src/test/c/board.c} uses it, downloads 1 MiB. Needs a C compiler and the library: the
 * one that is installed, or one that was built in the folder {@code MBEDTLS}. TLS 1.3 needs a 3.6.
 */
class BoardTlsIT {
    private static final byte[] FILE = new byte[1024 * 1024];

    @TempDir
    static Path folder;

    private static Path board;
    private static TomcatProcess small;

    @BeforeAll
    static void start() throws Exception {
        board = folder.resolve("board");
        List<String> command = new ArrayList<>(List.of("cc", "-Wall", "-Werror"));
        String built = System.getenv("MBEDTLS");
        if (built != null) {
            command.addAll(List.of("-I" + built + "/include", "-L" + built + "/library"));
        }
        List<String> header = new ArrayList<>(command);
        header.addAll(List.of("-fsyntax-only", "-include", "mbedtls/ssl.h", "-xc", "/dev/null"));
        Assumptions.assumeTrue(canRun(header), "this needs a C compiler and mbed TLS (libmbedtls-dev)");
        command.addAll(List.of("-o", board.toString(), "src/test/c/board.c"));
        command.addAll(List.of("-lmbedtls", "-lmbedx509", "-lmbedcrypto"));
        assertTrue(canRun(command), "board.c compiles");

        new Random(1).nextBytes(FILE);
        Server.upload("board-tls.bin", FILE);
        small = new TomcatProcess(folder.resolve("small")).option("-Dfuota.tls.record=4096");
        small.start();
        HttpRequest upload = HttpRequest.newBuilder(URI.create(small.root() + "/files/board-tls.bin"))
                .header("Authorization", Server.basic("admin", TomcatProcess.ADMIN_PASSWORD))
                .PUT(BodyPublishers.ofByteArray(FILE))
                .build();
        assertEquals(
                200,
                HttpClient.newBuilder()
                        .sslContext(small.tls())
                        .build()
                        .send(upload, BodyHandlers.ofString())
                        .statusCode());
    }

    @AfterAll
    static void stop() {
        Server.send("DELETE", "/files/board-tls.bin", Server.ADMIN, (String) null);
        if (small != null) {
            small.close();
        }
    }

    /** Without asking for anything. */
    @ParameterizedTest
    @CsvSource({"1.2, 8192, 0", "1.3, 8192, 0"})
    void takesTheRecordsThatAreSentByDefault(String version, int record, int fragment) throws Exception {
        assertDownloads(
                8192, board(Server.PORT, Server.CERTIFICATE, Server.DEVICE_PASSWORD, version, record, fragment));
    }

    @ParameterizedTest
    @CsvSource({"4096", "2048", "1024"})
    void isSentSmallerOnesThatItAsksFor(int bytes) throws Exception {
        assertDownloads(bytes, board(Server.PORT, Server.CERTIFICATE, Server.DEVICE_PASSWORD, "1.2", bytes, bytes));
    }

    /** With the setting for such boards; none that is flashed with ESP-IDF asks. */
    @ParameterizedTest
    @CsvSource({"1.2", "1.3"})
    void takesSmallOnesWithoutAsking(String version) throws Exception {
        assertDownloads(
                4096, board(small.port(), small.certificate(), TomcatProcess.DEVICE_PASSWORD, version, 4096, 0));
    }

    /** What the setting is for. */
    @Test
    void cannotTakeTheDefaultWithASmallBuffer() throws Exception {
        assertEquals(
                "a record of 8216 bytes, more than its buffer takes",
                board(Server.PORT, Server.CERTIFICATE, Server.DEVICE_PASSWORD, "1.2", 4096, 0));
    }

    private static void assertDownloads(int record, String answer) {
        Assumptions.assumeFalse(answer.startsWith("this mbed TLS has no"), answer);
        long sum = 0;
        for (byte octet : FILE) {
            sum += Byte.toUnsignedInt(octet);
        }
        assertTrue(answer.startsWith("200, " + FILE.length + " bytes, sum " + sum + ", longest record "), answer);
        int longest = Integer.parseInt(answer.replaceAll(".*longest record (\\d+),.*", "$1"));
        assertTrue(longest > record && longest <= record + 33, answer);
    }

    private static String board(int port, Path certificate, String password, String version, int record, int fragment)
            throws Exception {
        Process process = new ProcessBuilder(
                        board.toString(),
                        String.valueOf(port),
                        certificate.toString(),
                        "device:" + password,
                        "/files/board-tls.bin",
                        version,
                        String.valueOf(record),
                        String.valueOf(fragment))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }

    private static boolean canRun(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
