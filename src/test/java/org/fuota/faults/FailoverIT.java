package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.fuota.db.PostgresCluster;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two PostgreSQL, of which the second has all that the first acknowledges, and a server that knows both, by the Resource that README shows. The first
 * goes, the second is promoted: boards are answered as ever, or 204; admins are told to come again; nothing that was acknowledged is lost.
 */
@Tag(Faults.TAG)
@Timeout(3600)
class FailoverIT {
    @TempDir
    Path folder;

    enum Kind {
        KILL,
        STOP,
        PROPERLY,
        CUT
    }

    @ParameterizedTest
    @EnumSource
    void losesNothing(Kind kind) throws Exception {
        int rounds = Faults.rounds(3, 50);
        PostgresCluster primary = PostgresCluster.own();
        try (Cable one = new Cable();
                Cable two = new Cable();
                TomcatProcess tomcat = new TomcatProcess(folder).option("-XX:TieredStopAtLevel=1")) {
            primary.url("fuota");
            PostgresCluster standby = primary.standby();
            one.to(primary.port());
            two.to(standby.port());
            DatabaseAwayIT.use("127.0.0.1:" + one.port() + ",127.0.0.1:" + two.port(), tomcat);
            tomcat.start();
            Client client = new Client(tomcat);
            Traffic traffic = new Traffic(client);
            long longestMillis = 0;
            try (traffic) {
                for (int round = 0; round < rounds; round++) {
                    Cable cable = round % 2 == 0 ? one : two;
                    traffic.awaitService();
                    fail(kind, primary, cable);
                    traffic.awaitTrouble();
                    standby.promote();
                    long promoted = System.nanoTime();
                    traffic.awaitService();
                    longestMillis = Math.max(longestMillis, (System.nanoTime() - promoted) / 1_000_000);
                    // As whoever promotes must: two primaries would be two truths.
                    if (kind != Kind.PROPERLY && kind != Kind.KILL) {
                        primary.signal("KILL");
                    }
                    primary.close();
                    primary = standby;
                    standby = primary.standby();
                    cable.to(standby.port());
                    cable.mend();
                }
                traffic.awaitService();
                traffic.close();
                assertEquals(List.of(), traffic.wrongs());
                assertEquals(Set.of(), traffic.lost(), "acknowledged, and not there");
                Faults.tell(
                        FailoverIT.class,
                        kind + ", " + rounds + " rounds: " + traffic + "; none lost; served again " + longestMillis
                                + " ms after the promotion at the latest");
            } finally {
                primary.close();
                standby.close();
            }
        }
    }

    private static void fail(Kind kind, PostgresCluster primary, Cable cable) throws IOException {
        switch (kind) {
            case KILL -> primary.signal("KILL");
            case STOP -> primary.signal("STOP");
            case PROPERLY -> primary.stopProperly();
            case CUT -> cable.cut();
        }
    }
}
