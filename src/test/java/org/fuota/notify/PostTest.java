package org.fuota.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.fuota.tomcat.TomcatProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PostTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final byte[] BODY = "{\"text\":\"caf\u00e9\"}".getBytes(StandardCharsets.UTF_8);
    private static final String PASSWORD = "password";

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 200 OK~Content-Length: 2~~ok                               | 200
            HTTP/1.1 204~~                                                      | 204
            HTTP/1.0 202 Accepted~~                                             | 202
            HTTP/1.1 200 OK                                                     | it closes the connection without an answer
            HTTP/1.1 200 OK~                                                    | 200
            HTTP/1.1 100 Continue~~HTTP/1.1 103 Early~Link: x~~HTTP/1.1 201 ~~  | 201
            HTTP/1.1 100 Continue~~                                             | it closes the connection without an answer
            HTTP/1.1 301 Moved~Location: http://127.0.0.1/~~                    | 301
            HTTP/1.1 410 Gone~~                                                 | 410
            HTTP/1.1 500 Oh~~                                                   | 500
            HTTP/1.1 999 What~~                                                 | it doesn't answer by HTTP/1.1
            HTTP/2 200~~                                                        | it doesn't answer by HTTP/1.1
            SSH-2.0-OpenSSH~                                                    | it doesn't answer by HTTP/1.1
            ~                                                                   | it doesn't answer by HTTP/1.1
            """)
    void tellsWhatIsAnswered(String answer, String told) throws Exception {
        try (RawServer server = new RawServer(RawServer.text(answer.replace("~", "\r\n")))) {
            assertEquals(told, send(server.port()));
            assertEquals(1, server.requests().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 ", "HTTP/1.1 100 C\r\n", "HTTP/1.1 100 C\r\nx\r\n\r\n"})
    void takesNoAnswerWithoutEnd(String piece) throws Exception {
        RawServer.Answer endless = socket -> {
            while (true) {
                RawServer.text(piece).to(socket);
            }
        };
        try (RawServer server = new RawServer(endless)) {
            assertEquals("its answer is too long", send(server.port()));
        }
    }

    @Test
    void readsLittleOfABodyWithoutEnd() throws Exception {
        AtomicLong written = new AtomicLong();
        RawServer.Answer endless = socket -> {
            RawServer.text("HTTP/1.1 200 OK\r\n\r\n").to(socket);
            while (true) {
                RawServer.text("x".repeat(65_536)).to(socket);
                written.addAndGet(65_536);
            }
        };
        try (RawServer server = new RawServer(endless)) {
            assertEquals("200", send(server.port()));
            assertTrue(written.get() < 32 << 20, "no more than the kernel holds: " + written);
        }
    }

    @Test
    void sendsWhatServersUnderstand() throws Exception {
        try (RawServer server = new RawServer(RawServer.text("HTTP/1.1 200 OK\r\n\r\n"))) {
            Target target = Target.parse(1, "http://LocalHost:" + server.port() + "/a%20b/\u00e4?c=d&e");

            post().send(target, Map.of("X-More", "1"), BODY);

            assertEquals(
                    "POST /a%20b/%C3%A4?c=d&e HTTP/1.1\r\nHost: LocalHost:" + server.port()
                            + "\r\nUser-Agent: Fuota\r\nContent-Type: application/json\r\nConnection: close\r\n"
                            + "Content-Length: 16\r\nX-More: 1\r\n\r\n{\"text\":\"caf\u00e9\"}",
                    server.requests().get(0));
        }
    }

    @Test
    void asksForTheRootWithoutAPath() throws Exception {
        try (RawServer server = new RawServer(RawServer.text("HTTP/1.1 200 OK\r\n\r\n"))) {
            post().send(Target.parse(1, "http://localhost:" + server.port() + "?q"), Map.of(), BODY);

            assertTrue(server.requests().get(0).startsWith("POST /?q HTTP/1.1\r\n"));
        }
    }

    @Test
    void givesUpAServerThatHangs() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (RawServer server = new RawServer(socket -> end.await())) {
            assertEquals("it doesn't answer in time", send(post(LONG, Duration.ofMillis(200)), server.port()));
        } finally {
            end.countDown();
        }
    }

    @Test
    void waitsForNothingWhenTheTimeIsOver() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (RawServer server = new RawServer(socket -> end.await())) {
            assertEquals("it doesn't answer in time", send(post(LONG, Duration.ZERO), server.port()));
        } finally {
            end.countDown();
        }
    }

    /** Each byte comes in time, and the answer never ends. */
    @Test
    void givesUpAServerThatAnswersTooSlowly() throws Exception {
        RawServer.Answer drip = socket -> {
            RawServer.text("HTTP/1.1 200 ").to(socket);
            while (true) {
                TimeUnit.MILLISECONDS.sleep(20);
                RawServer.text("x").to(socket);
            }
        };
        try (RawServer server = new RawServer(drip)) {
            assertEquals("it doesn't answer in time", send(post(LONG, Duration.ofMillis(300)), server.port()));
        }
    }

    /** The answer is known, and whoever sends the rest of it slowly isn't waited for. */
    @Test
    void believesAnAnswerWhoseBodyHangs() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        RawServer.Answer hangs = socket -> {
            RawServer.text("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx").to(socket);
            end.await();
        };
        try (RawServer server = new RawServer(hangs)) {
            assertEquals("200", send(post(LONG, LONG), server.port()));
        } finally {
            end.countDown();
        }
    }

    @Test
    void givesUpAServerThatTakesNoConnection() throws Exception {
        // Nobody accepts, and the kernel's queue is full.
        try (ServerSocket full = new ServerSocket(TomcatProcess.freePort(), 1, InetAddress.getByName("127.0.0.1"));
                Socket first = new Socket("127.0.0.1", full.getLocalPort());
                Socket second = new Socket("127.0.0.1", full.getLocalPort())) {
            assertTrue(first.isConnected() && second.isConnected());

            assertEquals("it doesn't answer in time", send(post(Duration.ofMillis(200), LONG), full.getLocalPort()));
        }
    }

    @Test
    void tellsThatNobodyListens() throws Exception {
        assertEquals("Connection refused", send(TomcatProcess.freePort()));
    }

    @Test
    void tellsThatNobodyHasTheName() {
        assertEquals("its name isn't known", told(post(), "http://absent.invalid/"));
    }

    @Test
    void breaksOffWhenItIsClosed() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (RawServer server = new RawServer(socket -> end.await())) {
            Post post = post();
            CompletableFuture<String> told = CompletableFuture.supplyAsync(() -> send(post, server.port()));
            while (server.requests().isEmpty()) {
                Thread.onSpinWait();
            }

            post.close();

            assertEquals("Socket closed", told.join());
            assertEquals("the server stops", send(post, server.port()));
            assertEquals(1, server.requests().size());
        } finally {
            end.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1.2.3",
                "localhost",
                "LOCALHOST",
                "localhost.",
                "0.0.0.0",
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "127.1",
                "%6c%6fcalhost",
                "[::1]",
                "[::]",
                "[0:0:0:0:0:0:0:1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[0:0:0:0:0:ffff:7f00:0001]",
                "[::127.0.0.1]",
                "[64:ff9b::127.0.0.1]",
                "[::1%25lo]",
                "\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3",
                "\uff11\uff12\uff17.0.0.1"
            })
    void reachesNothingPrivateInAnySpelling(String host) throws Exception {
        Post post = new Post(false);
        try (RawServer server = new RawServer(RawServer.text("HTTP/1.1 200 OK\r\n\r\n"))) {
            String told;
            try {
                told = send(post, Target.parse(1, "http://" + host + ":" + server.port() + "/"));
            } catch (IllegalArgumentException refusedAtOnce) {
                told = refusedAtOnce.getMessage();
            }

            assertTrue(
                    told.matches("its address, [0-9a-f.:%lo]+, isn't public; fuota.webhook.private=true allows that"
                            + "|its name isn't known|URL 1 has no host that can be, or no such port|URL 1 isn't a URL"),
                    told);
            assertEquals(List.of(), server.requests());
        }
    }

    /** A name that has another address as soon as it was looked at. */
    @Test
    void connectsToTheAddressThatItLookedAt() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Post.Resolver rebinding =
                host -> new InetAddress[] {InetAddress.getByName("127.0.0." + asked.incrementAndGet())};
        RawServer.Answer ok = RawServer.text("HTTP/1.1 200 OK\r\n\r\n");
        try (RawServer first = new RawServer(ok);
                RawServer second =
                        new RawServer(new ServerSocket(first.port(), 50, InetAddress.getByName("127.0.0.2")), ok)) {
            Post post = new Post(rebinding, PostTest::noTls, true, LONG, LONG);

            assertEquals("200", send(post, Target.parse(1, "http://rebinding.example:" + first.port() + "/")));
            assertEquals(1, asked.get());
            assertEquals(1, first.requests().size());
            assertEquals(0, second.requests().size());
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            127.0.0.1 8.8.8.8 10.0.0.1 9.9.9.9 | 8.8.8.8
            2a00:1450:4001::200e 127.0.0.1     | 2a00:1450:4001:0:0:0:0:200e
            10.0.0.1 ::1                       | -
            """)
    void takesAPublicOneOfSeveralAddresses(String addresses, @Nullable String taken) throws Exception {
        List<InetAddress> all = new ArrayList<>();
        for (String address : addresses.split(" ")) {
            all.add(InetAddress.getByName(address));
        }
        Post post = new Post(host -> all.toArray(InetAddress[]::new), PostTest::noTls, false, LONG, LONG);
        Target target = Target.parse(1, "http://several.example/");

        if (taken == null) {
            assertThrows(IOException.class, () -> post.addressOf(target));
        } else {
            assertEquals(taken, post.addressOf(target).getHostAddress());
        }
    }

    @Test
    void speaksTlsByTheNameOfTheUrl() throws Exception {
        SSLContext context = certificate("dns:hooks.example");
        CompletableFuture<String> name = new CompletableFuture<>();
        try (RawServer server = new RawServer(tls(context), socket -> {
            ExtendedSSLSession session = (ExtendedSSLSession) ((SSLSocket) socket).getSession();
            name.complete(session.getRequestedServerNames().toString());
            RawServer.text("HTTP/1.1 200 OK\r\n\r\n").to(socket);
        })) {
            Post post = local(context.getSocketFactory());

            assertEquals("200", send(post, Target.parse(1, "https://hooks.example:" + server.port() + "/")));
            assertEquals("[type=host_name (0), value=hooks.example]", name.join());
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            hooks.example   | 200
            127.0.0.1       | TLS fails: No subject alternative names matching IP address 127.0.0.1 found
            other.example   | TLS fails: No subject alternative DNS name matching other.example found.
            a.hooks.example | TLS fails: No subject alternative DNS name matching a.hooks.example found.
            """)
    void refusesTheCertificateOfAnotherName(String host, String told) throws Exception {
        SSLContext context = certificate("dns:hooks.example");
        try (RawServer server = new RawServer(tls(context), RawServer.text("HTTP/1.1 200 OK\r\n\r\n"))) {
            Post post = local(context.getSocketFactory());

            String outcome = send(post, Target.parse(1, "https://" + host + ":" + server.port() + "/"));

            // JDK 25 tells the alert that it answers with first.
            assertEquals(told, outcome.replace("(certificate_unknown) ", ""));
            assertEquals(told.equals("200") ? 1 : 0, server.requests().size());
        }
    }

    @Test
    void refusesACertificateThatNobodyVouchesFor() throws Exception {
        SSLContext context = certificate("dns:localhost");
        try (RawServer server = new RawServer(tls(context), RawServer.text("HTTP/1.1 200 OK\r\n\r\n"))) {
            String told = send(new Post(true), Target.parse(1, "https://localhost:" + server.port() + "/"));

            assertTrue(told.startsWith("TLS fails: ") && told.contains("PKIX path building failed"), told);
            assertEquals(List.of(), server.requests());
        }
    }

    @Test
    void tellsThatAServerSpeaksNoTls() throws Exception {
        try (ServerSocket plain = RawServer.listen()) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> {
                try (Socket socket = plain.accept()) {
                    RawServer.text("HTTP/1.1 400 Bad\r\n\r\n").to(socket);
                    socket.getInputStream().readNBytes(1);
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });

            String told = send(post(), Target.parse(1, "https://localhost:" + plain.getLocalPort() + "/"));

            assertTrue(told.startsWith("TLS fails: "), told);
            answered.join();
        }
    }

    /** Bytes of a handshake that never ends. */
    @Test
    void givesUpAHandshakeThatIsTooSlow() throws Exception {
        try (ServerSocket slow = RawServer.listen()) {
            Thread dripping = new Thread(() -> {
                try (Socket socket = slow.accept()) {
                    socket.getOutputStream().write(new byte[] {22, 3, 3, 0x3f, 0});
                    while (true) {
                        TimeUnit.MILLISECONDS.sleep(20);
                        socket.getOutputStream().write(0);
                    }
                } catch (IOException | InterruptedException e) {
                    // It was given up.
                }
            });
            dripping.start();

            String url = "https://localhost:" + slow.getLocalPort() + "/";
            assertEquals("it doesn't answer in time", send(post(LONG, Duration.ofMillis(300)), Target.parse(1, url)));
            dripping.join();
        }
    }

    private static Post post() {
        return post(LONG, LONG);
    }

    private static Post post(Duration connectWait, Duration answerWait) {
        return new Post(
                InetAddress::getAllByName,
                () -> (SSLSocketFactory) SSLSocketFactory.getDefault(),
                true,
                connectWait,
                answerWait);
    }

    /** All names are 127.0.0.1. */
    private static Post local(SSLSocketFactory tls) throws UnknownHostException {
        InetAddress[] all = {InetAddress.getByName("127.0.0.1")};
        return new Post(host -> all, () -> tls, true, LONG, LONG);
    }

    private static SSLSocketFactory noTls() {
        throw new AssertionError("no TLS here");
    }

    private static String send(int port) {
        return send(post(), port);
    }

    private static String send(Post post, int port) {
        return send(post, Target.parse(1, "http://127.0.0.1:" + port + "/hook"));
    }

    private static String told(Post post, String url) {
        return send(post, Target.parse(1, url));
    }

    /** The status, or why there is none. */
    private static String send(Post post, Target target) {
        try {
            return String.valueOf(post.send(target, Map.of(), BODY));
        } catch (IOException e) {
            return Post.reason(e);
        }
    }

    private static ServerSocket tls(SSLContext context) throws IOException {
        return context.getServerSocketFactory()
                .createServerSocket(TomcatProcess.freePort(), 50, InetAddress.getByName("127.0.0.1"));
    }

    /** Has a certificate, and trusts it and no other. */
    private SSLContext certificate(String name) throws Exception {
        Path file = folder.resolve("key.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=hook",
                        "-ext",
                        "san=" + name,
                        "-alias",
                        "hook",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        assertEquals(
                "",
                new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .replaceAll("(?s)^Generating .*", ""));
        assertEquals(0, keytool.waitFor());
        KeyStore key = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            key.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(key, PASSWORD.toCharArray());
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry("hook", key.getCertificate("hook"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(anchors);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
