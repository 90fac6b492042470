package org.fuota.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.LogCapture;
import org.fuota.TestClock;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.tomcat.TomcatProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
@Timeout(120)
class NotifierTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String SECRET = "gr\u00fcn S3CRET";

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock(START);
    private BasicDataSource pool = new BasicDataSource();
    private Database database = new Database(pool);

    @BeforeEach
    void open() {
        pool = TestDatabase.pool(folder);
        database = new Database(pool);
    }

    @AfterEach
    void close() throws Exception {
        database.close();
        pool.close();
    }

    @Test
    void tellsWhatReceiversShowAndProgramsRead() throws Exception {
        try (Receiver receiver = new Receiver()) {
            Notifier notifier = notifier(receiver);
            UUID id = UUID.fromString("01234567-89ab-4cde-8f01-23456789abcd");
            clock.advance(Duration.ofMillis(5));
            database.transaction(transaction -> {
                notifier.tell(
                        transaction,
                        new Event(Event.Kind.ROLLOUT_PAUSED, "spring", "It \"waits\": \u20ac", clock.instant(), id));
                return 1;
            });
            clock.advance(Duration.ofSeconds(9));

            notifier.send(0);

            Receiver.Told told = receiver.told().get(0);
            assertEquals(
                    "{\"text\":\"It \\\"waits\\\": \u20ac\",\"id\":\"01234567-89ab-4cde-8f01-23456789abcd\","
                            + "\"event\":\"rollout_paused\",\"subject\":\"spring\",\"at\":\"2026-01-01T00:00:00.005Z\","
                            + "\"node\":\"node-a\"}",
                    told.body());
            assertEquals("/S3CRET?S3CRET", told.path());
            assertEquals(List.of("application/json"), told.headers().get("Content-Type"));
            assertNull(told.headers().get("X-Fuota-Signature"));
        }
    }

    /** As openssl computes it. */
    @Test
    void signsTimeAndBody() throws Exception {
        try (Receiver receiver = new Receiver()) {
            Notifier notifier = notifier(Webhooks.parse(receiver.url(), SECRET, true));
            tell(notifier, "signed");
            clock.advance(Duration.ofSeconds(90));

            notifier.send(0);

            Receiver.Told told = receiver.told().get(0);
            String timestamp = told.headers().getFirst("X-Fuota-Timestamp");
            assertEquals("" + START.plusSeconds(90).getEpochSecond(), timestamp);
            assertEquals(
                    "sha256=" + hmac(SECRET, timestamp + "." + told.body()),
                    told.headers().getFirst("X-Fuota-Signature"));
        }
    }

    private static String hmac(String secret, String text) throws Exception {
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "dgst",
                        "-sha256",
                        "-mac",
                        "HMAC",
                        "-macopt",
                        "hexkey:" + HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8)))
                .start();
        openssl.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        openssl.getOutputStream().close();
        String printed = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        return printed.replaceAll("(?s).* |\n", "");
    }

    @Test
    void tellsNothingOfWhatDidNotHappen() throws Exception {
        try (Receiver receiver = new Receiver()) {
            Notifier notifier = notifier(receiver);
            assertThrows(
                    IllegalStateException.class,
                    () -> database.transaction(transaction -> {
                        notifier.tell(transaction, event("undone"));
                        throw new IllegalStateException();
                    }));
            tell(notifier, "done");

            notifier.send(0);

            assertEquals(List.of("done"), receiver.texts());
        }
    }

    @Test
    void keepsNothingWhereNobodyIsToldAnything() {
        Notifier notifier = notifier(Webhooks.parse("", "", false));

        tell(notifier, "unheard");

        assertEquals(0, count("webhook_event"));
    }

    @Test
    void tellsAllInTheirOrder() throws Exception {
        try (Receiver first = new Receiver();
                Receiver second = new Receiver()) {
            Notifier notifier = notifier(Webhooks.parse(first.url() + "\n" + second.url(), "", true));
            for (String text : List.of("c", "b", "a")) {
                tell(notifier, text);
            }

            notifier.send(0);
            notifier.send(1);
            notifier.send(0);

            assertEquals(List.of("c", "b", "a"), first.texts());
            assertEquals(List.of("c", "b", "a"), second.texts());
            assertEquals(first.told().get(0).id(), second.told().get(0).id());
        }
    }

    @Test
    void triesAgainEverMoreSeldomForADay() throws Exception {
        try (Receiver receiver = new Receiver();
                LogCapture log = new LogCapture(Notifier.class)) {
            receiver.refuse(text -> true);
            Notifier notifier = notifier(receiver);
            tell(notifier, "refused");
            List<Long> due =
                    new ArrayList<>(List.of(0L, 1L, 3L, 7L, 15L, 31L, 63L, 127L, 255L, 511L, 1023L, 2047L, 4095L));
            // Once an hour from then on, to the end of the day.
            for (long second = 7695; second < 86_400; second += 3600) {
                due.add(second);
            }
            for (int i = 0; i < due.size(); i++) {
                at(notifier, due.get(i) - 1);
                assertEquals(i, receiver.told().size(), "not before " + due.get(i) + " s");
                at(notifier, due.get(i));
                assertEquals(i + 1, receiver.told().size(), "at " + due.get(i) + " s");
            }
            at(notifier, Duration.ofHours(25).toSeconds());
            assertEquals(due.size(), receiver.told().size());
            assertEquals(
                    1,
                    receiver.told().stream().map(Receiver.Told::id).distinct().count());
            assertEquals(
                    List.of(
                            "webhook 1 (127.0.0.1) isn't told of an event, because it answers 500: tried again for a day",
                            "webhook 1 (127.0.0.1) didn't take events for a day, which are given up: 1"),
                    log.messages());
        }
    }

    /** What is done a while after the start, if that is to come. */
    private void at(Notifier notifier, long seconds) {
        Duration wait = Duration.between(clock.instant(), START.plusSeconds(seconds));
        if (!wait.isNegative()) {
            clock.advance(wait);
            notifier.prune(clock.instant().minus(Notifier.KEPT));
            notifier.send(0);
        }
    }

    @Test
    void goesOnAfterAFailure() throws Exception {
        try (Receiver receiver = new Receiver(500, 302, 404)) {
            Notifier notifier = notifier(receiver);
            tell(notifier, "a");
            tell(notifier, "b");

            notifier.send(0);
            assertEquals(List.of("a"), receiver.texts());
            assertEquals("it answers 500", progress(notifier).error());
            clock.advance(Duration.ofSeconds(1));
            notifier.send(0);
            assertEquals("it answers 302", progress(notifier).error());
            clock.advance(Duration.ofSeconds(2));
            notifier.send(0);
            clock.advance(Duration.ofSeconds(4));
            notifier.send(0);

            assertEquals(List.of("a", "a", "a", "a", "b"), receiver.texts());
            assertEquals(
                    List.of("/S3CRET?S3CRET"),
                    receiver.told().stream().map(Receiver.Told::path).distinct().toList(),
                    "no redirect is followed");
            assertProgress(notifier, 2, 0, null);
            assertEquals(clock.instant(), progress(notifier).lastSuccess());
        }
    }

    @Test
    void showsTheLastErrorAndTheLastSuccess() throws Exception {
        try (Receiver receiver = new Receiver(200, 200, 500, 410, 502)) {
            Notifier notifier = notifier(receiver);
            for (String text : List.of("a", "b", "c", "d")) {
                tell(notifier, text);
                notifier.send(0);
                clock.advance(Duration.ofMillis(100));
            }
            assertEquals("it answers 410", progress(notifier).error());
            assertEquals(START.plusMillis(300), progress(notifier).errorAt());

            clock.advance(Duration.ofSeconds(1));
            notifier.send(0);

            assertEquals("it answers 502", progress(notifier).error());
            assertEquals(START.plusMillis(1400), progress(notifier).errorAt());
            assertEquals(START.plusMillis(100), progress(notifier).lastSuccess());
        }
    }

    /** An event that nobody takes doesn't hold up the others. */
    @Test
    void doesNotWaitForAnEventThatIsRefused() throws Exception {
        try (Receiver receiver = new Receiver()) {
            receiver.refuse(text -> text.equals("poison"));
            Notifier notifier = notifier(receiver);
            for (String text : List.of("a", "poison", "b", "c")) {
                tell(notifier, text);
            }

            notifier.send(0);
            notifier.send(0);

            assertEquals(List.of("a", "poison", "b", "c"), receiver.texts());
            assertProgress(notifier, 3, 1, "it answers 500");
        }
    }

    @Test
    void endsWhereAReceiverIsGone() throws Exception {
        try (Receiver receiver = new Receiver(410);
                LogCapture log = new LogCapture(Notifier.class)) {
            Notifier notifier = notifier(receiver);
            tell(notifier, "a");
            tell(notifier, "b");

            notifier.send(0);
            clock.advance(Duration.ofDays(1));
            notifier.send(0);

            assertEquals(List.of("a", "b"), receiver.texts());
            assertProgress(notifier, 1, 0, "it answers 410");
            assertEquals(
                    List.of("webhook 1 (127.0.0.1) isn't told of an event, because it answers 410: given up"),
                    log.messages());
        }
    }

    /** A new process on the same database, after the old one was killed at any moment. */
    @Test
    void losesNothingByARestart() throws Exception {
        CountDownLatch killed = new CountDownLatch(1);
        int port = TomcatProcess.freePort();
        Webhooks webhooks = Webhooks.parse("http://127.0.0.1:" + port + "/", "", true);
        String id;
        try (RawServer hanging = new RawServer(
                new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1")), socket -> killed.await())) {
            Notifier before = notifier(webhooks);
            tell(before, "a");
            tell(before, "b");
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> before.send(0));
            while (hanging.requests().isEmpty()) {
                Thread.onSpinWait();
            }
            before.close();
            sending.join();
            assertProgress(before, 0, 2, null);
            id = hanging.requests().get(0).replaceAll("(?s).*\"id\":\"([^\"]+)\".*", "$1");
        } finally {
            killed.countDown();
        }
        try (Receiver receiver = Receiver.at(port)) {
            Notifier after = notifier(webhooks);
            after.send(0);
            assertEquals(List.of("b"), receiver.texts(), "the other has been tried just now");
            clock.advance(Duration.ofSeconds(1));
            after.send(0);

            assertEquals(List.of("b", "a"), receiver.texts());
            assertEquals(id, receiver.told().get(1).id());
            assertProgress(after, 2, 0, null);
        }
    }

    /** What can't be written down would be sent again and again. */
    @Test
    void sendsNothingThatItCannotRemember() throws Exception {
        try (Receiver receiver = new Receiver()) {
            Notifier notifier = notifier(receiver);
            tell(notifier, "a");

            try (Connection locked = TestDatabase.lock(folder)) {
                notifier.send(0);
                locked.rollback();
            }

            assertEquals(List.of(), receiver.texts());
            notifier.send(0);
            assertEquals(List.of("a"), receiver.texts());
        }
    }

    @Test
    void hasTheOldestGoWhereTooManyWait() throws Exception {
        try (Receiver receiver = new Receiver(410);
                LogCapture log = new LogCapture(Notifier.class)) {
            Notifier notifier = notifier(receiver);
            tell(notifier, "taken");
            notifier.send(0);
            database.transaction(transaction -> {
                for (int i = 0; i < Notifier.MAX_WAITING + 3; i++) {
                    notifier.tell(transaction, event("" + i));
                }
                return 1;
            });

            assertEquals(Notifier.MAX_WAITING, progress(notifier).waiting());
            assertEquals(Notifier.MAX_WAITING + 1, count("webhook_delivery"), "what is done stays");
            assertEquals(List.of("3"), database.query("""
                            SELECT e.sentence
                            FROM webhook_delivery d
                            JOIN webhook_event e ON e.number = d.event
                            WHERE d.done_at IS NULL
                            ORDER BY e.number
                            LIMIT 1
                            """, row -> row.getString(1)));
            assertEquals(
                    1,
                    log.messages().stream()
                            .filter("more than 10000 events wait for a webhook: the oldest are never told"::equals)
                            .count());
        }
    }

    @Test
    void forgetsAfterADay() throws Exception {
        try (Receiver receiver = new Receiver(200, 410)) {
            Notifier notifier = notifier(receiver);
            tell(notifier, "delivered");
            tell(notifier, "gone");
            notifier.send(0);
            notifier.send(0);
            clock.advance(Duration.ofDays(1));
            notifier.prune(clock.instant().minus(Notifier.KEPT));
            assertEquals(2, count("webhook_delivery"));
            receiver.refuse(text -> true);
            tell(notifier, "waits");
            notifier.send(0);

            clock.advance(Duration.ofMillis(1));
            notifier.prune(clock.instant().minus(Notifier.KEPT));

            assertEquals(1, count("webhook_delivery"));
            assertEquals(1, count("webhook_event"));
            assertProgress(notifier, 0, 1, "it answers 500");
        }
    }

    @Test
    void forgetsWhatATargetWasToBeToldThatIsNoMore() throws Exception {
        try (LogCapture log = new LogCapture(Notifier.class)) {
            tell(notifier(Webhooks.parse("http://127.0.0.1:1/S3CRET", "", true)), "a");
            Notifier after = notifier(Webhooks.parse("", "", true));
            clock.advance(Duration.ofHours(49));

            after.prune(clock.instant().minus(Notifier.KEPT));
            clock.advance(Duration.ofHours(25));
            after.prune(clock.instant().minus(Notifier.KEPT));

            assertEquals(
                    List.of(
                            "a webhook that isn't configured here any more didn't take events for a day, which are given up: 1"),
                    log.messages());
            assertEquals(0, count("webhook_delivery"));
            assertEquals(0, count("webhook_event"));
        }
    }

    @Test
    void prunesSliceBySlice() throws Exception {
        try (Receiver receiver = new Receiver()) {
            Notifier notifier = notifier(receiver);
            database.transaction(transaction -> {
                for (int i = 0; i < 5_001; i++) {
                    notifier.tell(transaction, event("" + i));
                }
                return transaction.update("UPDATE webhook_delivery SET done_at = ?", START.toEpochMilli());
            });

            notifier.prune(START.plusMillis(1));

            assertEquals(0, count("webhook_delivery"));
            assertEquals(0, count("webhook_event"));
        }
    }

    /** What was to be tried at a time that is now far ahead. */
    @Test
    void goesOnWhenTheClockIsSetBack() throws Exception {
        try (Receiver receiver = new Receiver(500)) {
            Notifier notifier = notifier(receiver);
            tell(notifier, "a");
            notifier.send(0);

            clock.step(Duration.ofDays(-400));
            notifier.send(0);

            assertEquals(List.of("a", "a"), receiver.texts());
        }
    }

    /** A receiver that takes its time doesn't keep a round from ending, before which nobody asks whose work it is. */
    @Test
    void endsARoundInTime() throws Exception {
        RawServer.Answer slow = socket -> {
            clock.advance(Duration.ofSeconds(6));
            RawServer.text("HTTP/1.1 200 OK\r\n\r\n").to(socket);
        };
        try (RawServer server = new RawServer(slow)) {
            Notifier notifier = notifier(Webhooks.parse("http://127.0.0.1:" + server.port() + "/", "", true));
            IntStream.range(0, 5).forEach(i -> tell(notifier, "" + i));

            notifier.send(0);

            assertEquals(2, server.requests().size());
        }
    }

    @Test
    void tellsNoSecretToTheLog() throws Exception {
        Logger.getLogger(Notifier.class.getName()).setLevel(Level.ALL);
        try (Receiver receiver = new Receiver(500, 410);
                LogCapture log = new LogCapture(Notifier.class)) {
            String urls = receiver.url() + " http://absent.invalid/S3CRET https://127.0.0.1:" + receiver.port()
                    + "/S3CRET http://127.0.0.1:" + TomcatProcess.freePort() + "/?S3CRET";
            Notifier notifier = notifier(Webhooks.parse(urls, SECRET, true));
            tell(notifier, "a");
            IntStream.range(0, 4).forEach(notifier::send);
            clock.advance(Duration.ofSeconds(1));
            notifier.send(0);
            clock.advance(Duration.ofDays(2));
            notifier.prune(clock.instant().minus(Notifier.KEPT));

            assertEquals(8, log.records().size(), log.messages().toString());
            assertFalse(
                    log.messages().toString().contains("S3CRET"), log.messages().toString());
            for (Target target : notifier.webhooks().targets()) {
                assertFalse(notifier.store().progress(target).toString().contains("S3CRET"));
            }
        } finally {
            Logger.getLogger(Notifier.class.getName()).setLevel(null);
        }
    }

    @Test
    void cutsWhatIsTooLong() {
        Event event = new Event(Event.Kind.TEST, "s".repeat(300), "t".repeat(2000), START);

        assertEquals("s".repeat(253) + "...", event.subject());
        assertEquals("t".repeat(997) + "...", event.sentence());
    }

    @Test
    void givesEachEventAnIdOfItsOwn() {
        Set<UUID> ids = new HashSet<>();
        IntStream.range(0, 100).forEach(i -> ids.add(event("a").id()));

        assertEquals(100, ids.size());
    }

    private Notifier notifier(Receiver receiver) {
        return notifier(Webhooks.parse(receiver.url(), "", true));
    }

    private Notifier notifier(Webhooks webhooks) {
        return new Notifier(database, webhooks, "node-a", clock, clock::nanoTime);
    }

    private void tell(Notifier notifier, String text) {
        database.transaction(transaction -> {
            notifier.tell(transaction, event(text));
            return 1;
        });
    }

    private Event event(String text) {
        return new Event(Event.Kind.TEST, "test", text, clock.instant());
    }

    private static WebhookStore.Progress progress(Notifier notifier) {
        return notifier.store().progress(notifier.webhooks().targets().get(0));
    }

    private static void assertProgress(Notifier notifier, long delivered, long waiting, @Nullable String error) {
        WebhookStore.Progress progress = progress(notifier);
        assertEquals(delivered, progress.delivered());
        assertEquals(waiting, progress.waiting());
        assertEquals(error, progress.error());
    }

    private long count(String table) {
        return database.queryOne("SELECT COUNT(*) FROM " + table, row -> row.getLong(1))
                .orElseThrow();
    }
}
