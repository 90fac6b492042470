package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.fuota.db.PostgresCluster;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes are upgraded one after the other, while boards poll both. There is no release before this one that knows PostgreSQL, so this
 * WAR is the old version, and the new one is made of it: it has one more migration, which adds to what is there, as all must.
 */
@Tag(Faults.TAG)
@Timeout(600)
class RollingUpgradeIT {
    private static final String NEXT = """
            ALTER TABLE device_status ADD COLUMN next_fact TEXT;
            ALTER TABLE device_app ADD COLUMN next_count BIGINT NOT NULL DEFAULT 1;
            CREATE TABLE next_table (id TEXT PRIMARY KEY NOT NULL);
            """;

    @TempDir
    Path folder;

    private final List<TomcatProcess> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(TomcatProcess::close);
    }

    @Test
    void goesOnWhileOldAndNewWorkSideBySide() throws Exception {
        try (PostgresCluster database = PostgresCluster.own()) {
            String url = database.url("fuota");
            TomcatProcess one = node("one", url).start();
            TomcatProcess two = node("two", url).start();
            Client first = new Client(one);
            Client second = new Client(two);
            assertEquals(200, first.put("/files/a.bin", "firmware").status());
            assertEquals(200, first.assign("board", "1", "a.bin").status());
            try (Boards boards = new Boards(two)) {
                boards.awaitPolls(20);

                one.stop();
                upgrade(one);
                one.restart();

                assertTrue(one.log().contains("brought up to date by 9999_next.sql"), one.log());
                assertEquals(200, first.get("/health/ready").status());
                // What each does, the other sees.
                assertEquals(200, second.put("/files/b.bin", "from the old").status());
                assertEquals(200, second.assign("of-old", "1", "b.bin").status());
                assertEquals(200, first.put("/files/c.bin", "from the new").status());
                assertEquals(200, first.assign("of-new", "1", "c.bin").status());
                assertEquals("from the old", first.download("b.bin").text());
                assertEquals("from the new", second.download("c.bin").text());
                for (String board : List.of("board", "of-old", "of-new")) {
                    assertEquals(
                            first.poll(board, "1").text(),
                            second.poll(board, "1").text(),
                            board);
                    Faults.await(
                            board + " has polled both",
                            () -> polls(first, board).equals(polls(second, board)));
                }
                boards.awaitPolls(20);
                assertEquals(List.of(), List.copyOf(boards.failures()), "at the old one");
            }

            // One that didn't know of the upgrade: a sentence, and nobody's update is at stake.
            TomcatProcess late = node("late", url).start();
            Client third = new Client(late);
            assertEquals(204, third.poll("board", "1").status());
            assertEquals(503, third.get("/health/ready").status());
            String sentence = "the database has schema 9999, and this program knows 0001 to ";
            assertTrue(third.get("/health/ready").text().contains(sentence), "ready");
            assertTrue(third.get("/devices").text().contains(sentence), "devices");
            assertTrue(late.log().contains(sentence), late.log());

            two.stop();
            upgrade(two);
            two.restart();
            assertEquals(200, second.get("/health/ready").status());
            assertEquals(first.get("/devices").text(), second.get("/devices").text());
        }
    }

    private static String polls(Client client, String board) throws IOException {
        return client.get("/fleet/" + board).text().replaceAll("(?s).*\"polls\": ?(\\d+).*", "$1");
    }

    private TomcatProcess node(String name, String url) throws IOException {
        TomcatProcess node = new TomcatProcess(Files.createDirectory(folder.resolve(name)))
                .postgresql(url)
                .option("-Dfuota.node=" + name)
                .option("-XX:TieredStopAtLevel=1");
        nodes.add(node);
        return node;
    }

    private static void upgrade(TomcatProcess node) throws IOException {
        try (FileSystem war = FileSystems.newFileSystem(node.folder().resolve("webapps/ROOT.war"))) {
            Path migrations = war.getPath("WEB-INF/classes/db/migration");
            Files.writeString(migrations.resolve("9999_next.sql"), NEXT);
            Files.writeString(migrations.resolve("scripts.txt"), "9999_next.sql\n", StandardOpenOption.APPEND);
        }
    }
}
