package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fuota.db.PostgresCluster;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL hangs or dies under the server, which has the Resource that README shows: boards are answered as ever, or 204; admins are told to
 * come again; all goes on by itself when it is back, and what was acknowledged is there.
 */
@Tag(Faults.TAG)
@Timeout(600)
class DatabaseAwayIT {
    private static final Pattern RESOURCE = Pattern.compile("(?s) *<Resource name=\"jdbc/fuota\".*?/>");
    private static final String HOSTS = "db-1.example.com,db-2.example.com";

    @TempDir
    Path folder;

    @Test
    void goesOnByItself() throws Exception {
        try (PostgresCluster database = PostgresCluster.own();
                TomcatProcess tomcat = new TomcatProcess(folder).option("-Dfuota.node=node-1")) {
            database.url("fuota");
            use("127.0.0.1:" + database.port(), tomcat);
            tomcat.start();
            Client client = new Client(tomcat);
            Traffic traffic = new Traffic(client);
            try (traffic) {
                for (int round = 0; round < Faults.rounds(1, 20); round++) {
                    traffic.awaitService();
                    database.signal("STOP");
                    traffic.awaitTrouble();
                    database.signal("CONT");
                    traffic.awaitService();
                    database.signal("KILL");
                    traffic.awaitTrouble();
                    database.start();
                }
                traffic.awaitService();
            } finally {
                database.signal("CONT");
            }
            assertEquals(List.of(), traffic.wrongs());
            assertEquals(Set.of(), traffic.lost(), "acknowledged, and not there");
            Faults.await("ready", () -> client.get("/health/ready").status() == 200);
            tellsItsName(tomcat, client);
            Faults.tell(DatabaseAwayIT.class, traffic.toString());
        }
    }

    /** Has it the Resource that README shows, with those hosts. */
    static void use(String hosts, TomcatProcess tomcat) throws IOException {
        Matcher resource = RESOURCE.matcher(Files.readString(Path.of("README.md")));
        assertTrue(resource.find());
        assertTrue(resource.group().contains(HOSTS), resource.group());
        Path context = tomcat.folder().resolve("conf/Catalina/localhost/ROOT.xml");
        Files.writeString(
                context,
                RESOURCE.matcher(Files.readString(context))
                        .replaceFirst(Matcher.quoteReplacement(resource.group().replace(HOSTS, hosts))));
    }

    private static void tellsItsName(TomcatProcess tomcat, Client client) throws IOException {
        assertTrue(client.get("/health/ready").text().contains("\nnode: node-1\n"));
        String metrics = client.get("/metrics").text();
        assertTrue(metrics.contains("\nfuota_polls_total{answer=\"offered\",node=\"node-1\"} "), metrics);
        assertTrue(metrics.contains("\nfuota_devices{state=\"waiting\"} "), metrics);
        assertTrue(tomcat.log().contains("node node-1 is on the database jdbc:postgresql://"), tomcat.log());
        assertTrue(
                tomcat.log().contains("PUT /devices/board by admin from 127.0.0.1 at node-1: assigned"), tomcat.log());
    }
}
