package org.fuota.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.TestClock;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag(TestDatabase.TAG)
class ServerTroubleTest {
    private static final String TROUBLE = "server_trouble node-a Fuota on node-a isn't ready: full; slow";
    private static final String READY = "server_ready node-a Fuota on node-a is ready again";

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
    private BasicDataSource pool = new BasicDataSource();
    private Database database = new Database(pool);

    @BeforeEach
    void open() {
        pool = TestDatabase.pool(folder);
        database = new Database(pool);
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
    }

    /** Each word is a look, 10 s after the one before: + is ready, - isn't, x can't tell, because the database takes no writes; R is a new start. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            + + +                       | none
            - - - - - - + +             | none
            - + - + - + - + - + - +     | none
            - - - - - - -               | T
            - - - - - - - - - -         | T
            - - - - - - - - - + +       | T R 1
            - - - - - - - + - + - +     | T R 1
            - - - - - - - + - - - - - - - + | T R 1 T R 1
            # told as soon as it can be
            x x x x x x x x x -         | T
            x x x x x x x x x x x x x + + | R 2
            - - - - - - - x+ x+ + +     | T R 1
            # a restart, in the middle and as a remedy
            - - - - - - - R - - - - - - - - | T
            - - - - - - - R + +         | T R
            - - - R - - - - - -         | none
            - - - - - - - + R + +       | T R 1
            """)
    void tellsOfTroubleThatLastsAndOfItsEnd(String looks, @Nullable String events) throws Exception {
        boolean[] isReady = {true};
        Notifier notifier = notifier();
        ServerTrouble trouble = trouble(notifier, isReady);
        for (String look : looks.split(" ")) {
            if (look.equals("R")) {
                trouble = trouble(notifier, isReady);
                continue;
            }
            isReady[0] = look.endsWith("+");
            if (look.startsWith("x")) {
                // So that it needn't be waited for.
                pool.setMaxWait(Duration.ofMillis(1));
                lookWithoutDatabase(trouble);
            } else {
                trouble.look();
            }
            clock.advance(Duration.ofSeconds(10));
        }

        String expected = events == null
                ? ""
                : events.replace("T", TROUBLE)
                        .replaceAll("R ([0-9])", READY + ", after $1 min: full; slow")
                        .replaceAll("R$", READY)
                        .replaceAll(" (?=server_)", "\n");
        assertEquals(expected, String.join("\n", told()));
    }

    /** All of its connections are in use. */
    private void lookWithoutDatabase(ServerTrouble trouble) throws Exception {
        Connection[] all = new Connection[pool.getMaxTotal()];
        try {
            for (int i = 0; i < all.length; i++) {
                all[i] = pool.getConnection();
            }
            trouble.look();
        } finally {
            for (Connection one : all) {
                one.close();
            }
        }
    }

    @Test
    void tellsOnlyOfItsOwnNode() {
        Notifier other = new Notifier(
                database, Webhooks.parse("http://127.0.0.1:1/", "", true), "node-b", clock, clock::nanoTime);
        other.tell(Event.Kind.SERVER_TROUBLE, "node-b", "b");

        trouble(notifier(), new boolean[] {true}).look();

        assertEquals(List.of("server_trouble node-b b"), told());
    }

    private Notifier notifier() {
        return new Notifier(
                database, Webhooks.parse("http://127.0.0.1:1/", "", true), "node-a", clock, clock::nanoTime);
    }

    private ServerTrouble trouble(Notifier notifier, boolean[] isReady) {
        return new ServerTrouble(() -> isReady[0] ? List.of() : List.of("full", "slow"), notifier, clock::nanoTime);
    }

    private List<String> told() {
        return database.query(
                "SELECT event, subject, sentence FROM webhook_event ORDER BY number",
                row -> row.getString(1) + " " + row.getString(2) + " " + row.getString(3));
    }
}
