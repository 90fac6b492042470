package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.fuota.faults.Peer.Stage;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has no credentials, or not the right ones, holds no thread: boards poll on, however many there are. */
@Tag(Faults.TAG)
class StrangersIT {
    private static final List<Stage> STAGES = List.of(
            Stage.IN_HEAD,
            Stage.IN_HEADERS,
            Stage.REFUSED,
            Stage.REFUSED_BY_ROLE,
            Stage.REFUSED_EXPECTING,
            Stage.REFUSED_IN_CHUNKS,
            Stage.REFUSED_BY_ROLE_IN_CHUNKS,
            Stage.BEFORE_OPEN_CHUNKS,
            Stage.BEFORE_OPEN_BODY,
            Stage.BEFORE_NO_BODY,
            Stage.BEFORE_POLL_BODY,
            Stage.UNREAD_PAGE);

    /** At each stage: in the short form more than there are threads; in the long one 5,000, with the default settings. */
    private static final int STRANGERS = Faults.IS_LONG ? 5000 / STAGES.size() : 40;

    @Test
    void letsBoardsPoll(@TempDir Path folder) throws Exception {
        TomcatProcess tomcat = new TomcatProcess(folder);
        if (!Faults.IS_LONG) {
            tomcat.option("-Dfuota.threads=30");
        }
        ScheduledExecutorService trickler = Executors.newSingleThreadScheduledExecutor();
        try (tomcat) {
            tomcat.start();
            Client client = new Client(tomcat);
            assertEquals(200, client.put("/files/a.bin", "a").status());
            assertEquals(200, client.assign("board", "1", "a.bin").status());
            SSLSocketFactory tls = tomcat.tls().getSocketFactory();

            List<Peer> strangers = new CopyOnWriteArrayList<>();
            // All the time, so that no time-out frees a thread.
            trickler.scheduleWithFixedDelay(() -> strangers.forEach(Peer::trickle), 0, 10, TimeUnit.SECONDS);
            for (Stage stage : STAGES) {
                for (int i = 0; i < STRANGERS; i++) {
                    strangers.add(new Peer(tomcat, tls, stage));
                }
            }
            long[] nanos = new long[Faults.IS_LONG ? 2000 : 100];
            for (int i = 0; i < nanos.length; i++) {
                long begun = System.nanoTime();
                assertEquals(200, Boards.poll(tomcat.port(), tls));
                nanos[i] = System.nanoTime() - begun;
            }
            Arrays.sort(nanos);
            Faults.tell(
                    StrangersIT.class,
                    nanos.length + " polls beside " + strangers.size() + " strangers, ms: p50 "
                            + nanos[nanos.length / 2] / 1e6 + ", p99 " + nanos[nanos.length * 99 / 100] / 1e6
                            + ", longest " + nanos[nanos.length - 1] / 1e6);
            for (Peer stranger : strangers) {
                stranger.reset();
            }
        } finally {
            trickler.shutdownNow();
        }
    }
}
