package org.fuota.file;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.http.Sha256;
import org.fuota.web.Requests;
import org.jspecify.annotations.Nullable;

/** Keeps who changed which update file: in the history, and in the log. */
final class FileAudit {
    private static final Logger LOG = Logger.getLogger(FileAudit.class.getName());

    private final HistoryStore history;
    private final Clock clock;

    FileAudit(HistoryStore history, Clock clock) {
        this.history = history;
        this.clock = clock;
    }

    /** When the same bytes were there already, nothing is kept. */
    void uploaded(SavedFile saved, HttpServletRequest request) {
        if (saved.isNew()) {
            Sha256 before = saved.replaced().map(StoredFile::sha256).orElse(null);
            keep(EventKind.UPLOADED, saved.file().path(), before, saved.file().sha256(), request);
        }
    }

    void deleted(StoredFile file, HttpServletRequest request) {
        keep(EventKind.DELETED, file.path(), file.sha256(), null, request);
    }

    /** The file is as it is: a database that is in trouble can't undo that, and files go on without it. */
    private void keep(
            EventKind kind,
            FilePath path,
            @Nullable Sha256 before,
            @Nullable Sha256 after,
            HttpServletRequest request) {
        HistoryEvent change = new HistoryEvent(
                clock.instant(),
                null,
                path.value(),
                kind,
                before == null ? null : before.hex(),
                after == null ? null : after.hex(),
                String.valueOf(request.getRemoteUser()),
                request.getRemoteAddr());
        String line = Requests.describe(request) + ": " + change.change();
        try {
            history.add(change);
            LOG.info(line);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> line + " (only here: the database refuses it)");
        }
    }
}
