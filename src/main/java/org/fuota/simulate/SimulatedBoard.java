package org.fuota.simulate;

import java.util.concurrent.CompletableFuture;
import org.fuota.image.ImageReport;
import org.jspecify.annotations.Nullable;

/** One board: what it runs, and what becomes of what it is offered. Used by one thread at a time. */
final class SimulatedBoard {
    private static final int POLLS_ON_TRIAL = 3;
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;

    private final String id;
    private final Mishap mishap;
    private volatile String version;
    private @Nullable String before;
    private int pollsOnTrial;
    private volatile boolean isOff;

    SimulatedBoard(String id, String version, Mishap mishap) {
        this.id = id;
        this.version = version;
        this.mishap = mishap;
    }

    String version() {
        return version;
    }

    /** Whether nobody will hear of it again. */
    boolean isOff() {
        return isOff;
    }

    /** Polls, and does what follows. Never fails: whatever goes wrong is counted. */
    CompletableFuture<Void> poll(BoardClient client, Counts counts) {
        if (before != null && pollsOnTrial++ == POLLS_ON_TRIAL) {
            version = before;
            before = null;
            counts.count(Counts.Kind.REVERTED);
        }
        return client.poll(id, version)
                .thenCompose(answer -> {
                    counts.count(Counts.Kind.POLL);
                    if (answer.statusCode() == OK) {
                        counts.count(Counts.Kind.OFFER);
                        return client.download(answer.body()).thenAccept(image -> start(image, counts));
                    }
                    if (answer.statusCode() == FORBIDDEN) {
                        counts.count(Counts.Kind.REFUSED);
                    }
                    return CompletableFuture.<Void>completedFuture(null);
                })
                .exceptionally(e -> {
                    counts.count(Counts.Kind.UNANSWERED);
                    return null;
                });
    }

    private void start(ImageReport image, Counts counts) {
        counts.count(Counts.Kind.DOWNLOAD);
        if (!(image instanceof ImageReport.Application application)) {
            counts.count(Counts.Kind.NOT_STARTED);
            return;
        }
        switch (mishap) {
            case STUCK -> counts.count(Counts.Kind.NOT_STARTED);
            case SILENT -> {
                isOff = true;
                counts.count(Counts.Kind.SILENT);
            }
            case NONE, REVERTED -> {
                if (mishap == Mishap.REVERTED) {
                    before = version;
                    pollsOnTrial = 0;
                }
                version = application.description().version();
                counts.count(Counts.Kind.UPDATED);
            }
        }
    }
}
