package org.fuota.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.fuota.blob.Blobs;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.http.Sha256;
import org.fuota.image.ImageReport;
import org.jspecify.annotations.Nullable;

/**
 * The update files: which bytes each path stands for, and the bytes. A path always stands for all the bytes of one upload: they
 * are checked and on disk before a transaction names them, together with who did that.
 */
public final class UpdateFiles {
    private static final Logger LOG = Logger.getLogger(UpdateFiles.class.getName());

    /** Tells which devices are assigned a file. */
    public interface Assignees {
        FileUse of(Transaction transaction, FilePath path);
    }

    private final Database database;
    private final FileStore store;
    private final Blobs blobs;
    private final Inbox inbox;
    private final HistoryStore history;
    private final FileLimits limits;
    private final Assignees assignees;
    private final Consumer<FilePath> changed;
    private final Clock clock;

    /**
     * @param inbox the folder of files that are to be taken in
     * @param changed is told of every path that came to other bytes or none, when that is durable; must be quick
     */
    public UpdateFiles(
            Database database,
            Blobs blobs,
            Path inbox,
            HistoryStore history,
            FileLimits limits,
            Assignees assignees,
            Consumer<FilePath> changed,
            Clock clock) {
        this.database = database;
        this.store = new FileStore(database);
        this.blobs = blobs;
        this.inbox = new Inbox(inbox, blobs, this, limits, clock);
        this.history = history;
        this.limits = limits;
        this.assignees = assignees;
        this.changed = changed;
        this.clock = clock;
    }

    public Inbox inbox() {
        return inbox;
    }

    FileStore store() {
        return store;
    }

    long maxFileBytes() {
        return limits.maxFileBytes();
    }

    /** The file at the path, whose bytes may be lost; while the database is away, as last known. */
    public Optional<StoredFile> find(FilePath path) {
        return store.find(path);
    }

    public boolean exists(FilePath path) {
        return isThere(find(path).map(StoredFile::sha256).orElse(null));
    }

    /** Whether bytes can be downloaded, null never; throws when that can't be told, also as they may still be taken in. */
    public boolean isThere(@Nullable Sha256 sha256) {
        if (sha256 != null && blobs.has(sha256)) {
            return true;
        }
        inbox.requireTakenIn();
        return false;
    }

    /** Where the file's bytes lie, for a day longer at least than its path stands for them. */
    Path bytes(StoredFile file) {
        try {
            return blobs.file(file.sha256());
        } catch (IOException e) {
            if (!blobs.folder().isUsable()) {
                throw new UncheckedIOException(e);
            }
            throw lost(file, e);
        }
    }

    /** The paths whose bytes are known to be missing or damaged. */
    public List<String> lost() {
        return blobs.damaged().stream()
                .flatMap(sha256 -> store.paths(sha256).stream())
                .sorted()
                .toList();
    }

    public static FuotaException lost(StoredFile file, @Nullable IOException cause) {
        return new FuotaException(
                ErrorCode.UNAVAILABLE,
                "the bytes of update file " + file.path().value()
                        + " are missing or damaged on the server's disk: upload it again, or delete it",
                cause);
    }

    /**
     * Stores all that the stream holds under the path, in place of what was there, unless that is the same. Durable on return.
     *
     * @throws FuotaException when a condition isn't met, or the path clashes with another file's; it holds then what it held
     */
    SavedFile save(FilePath path, InputStream body, UploadConditions conditions, Actor actor) throws IOException {
        database.connected(statements -> require(statements, path, conditions));
        long declared = conditions.declaredLength();
        blobs.makeRoom(declared < 0 ? limits.maxFileBytes() : Math.min(declared, limits.maxFileBytes()));
        try (Upload upload = Upload.receive(blobs.folder(), body, declared, limits)) {
            FileFacts facts = upload.facts();
            conditions.requireDigests(facts.sha256());
            if (facts.image() instanceof ImageReport.Broken broken) {
                throw new FuotaException(ErrorCode.REFUSED_IMAGE, broken.summary());
            }
            UploadEffect effect = conditions.effect().apply(facts);
            StoredFile file = facts.at(path, now());
            store.keep(List.of(file.sha256()), file.storedAt());
            blobs.put(upload.file(), file.sha256());
            blobs.force(List.of(file.sha256()));
            return name(file, facts, conditions, actor, effect);
        }
    }

    /** One at a time, and never while the inbox names what it has; what lay there for the path goes, too. */
    private synchronized SavedFile name(
            StoredFile file, FileFacts facts, UploadConditions conditions, Actor actor, UploadEffect effect) {
        SavedFile saved = database.transaction(transaction -> {
            Optional<StoredFile> before = require(transaction, file.path(), conditions);
            Optional<HistoryEvent> change = name(transaction, file, before, actor);
            return new SavedFile(change.isPresent() ? file : before.orElseThrow(), facts.image(), change, effect);
        });
        inbox.discard(file.path());
        tell(saved.change());
        return saved;
    }

    private Optional<StoredFile> require(Transaction transaction, FilePath path, UploadConditions conditions) {
        Optional<StoredFile> present = store.find(transaction, path);
        conditions.state().accept(present);
        store.requireNoClash(transaction, path);
        return present;
    }

    private Optional<HistoryEvent> name(
            Transaction transaction, StoredFile file, Optional<StoredFile> before, Actor actor) {
        if (before.filter(file::hasBytesOf).isPresent()) {
            return Optional.empty();
        }
        store.save(transaction, file, before, actor.user(), now());
        return Optional.of(keep(transaction, EventKind.UPLOADED, file.path(), before.orElse(null), file, actor));
    }

    /**
     * Deletes the file at the path, durably, unless the condition throws; tells what changed, or nothing when there was none.
     *
     * @throws FuotaException when devices are assigned it
     */
    synchronized Optional<HistoryEvent> delete(FilePath path, Consumer<StoredFile> condition, Actor actor) {
        Optional<HistoryEvent> change = database.transaction(transaction -> store.find(transaction, path)
                .map(file -> {
                    condition.accept(file);
                    requireUnassigned(transaction, path);
                    store.delete(transaction, file, now());
                    return keep(transaction, EventKind.DELETED, path, file, null, actor);
                }));
        if (change.isPresent()) {
            inbox.discard(path);
        }
        tell(change);
        return change;
    }

    private void requireUnassigned(Transaction transaction, FilePath path) {
        FileUse use = assignees.of(transaction, path);
        if (use.devices() > 0) {
            String ids = use.firstIds().stream().map(Printable::of).collect(Collectors.joining(", "));
            throw new FuotaException(
                    ErrorCode.CONFLICT,
                    "update file " + path.value() + " is assigned to " + use.devices() + " device"
                            + (use.devices() == 1 ? ": " : "s: ") + ids
                            + (use.devices() > use.firstIds().size() ? ", ..." : ""));
        }
    }

    /** Names what the inbox has; what it can't name stays there. The bytes are on disk. */
    void takeIn(List<Inbox.Arrival> arrivals) throws IOException {
        List<Sha256> bytes =
                arrivals.stream().map(arrival -> arrival.stored().sha256()).toList();
        store.keep(bytes, now());
        for (Inbox.Arrival arrival : arrivals) {
            blobs.put(arrival.bytes(), arrival.stored().sha256());
        }
        blobs.force(bytes);
        synchronized (this) {
            List<Inbox.Arrival> unchanged =
                    arrivals.stream().filter(inbox::isAsItWas).toList();
            List<Optional<HistoryEvent>> changes = database.transaction(transaction -> unchanged.stream()
                    .map(arrival -> name(transaction, arrival))
                    .toList());
            inbox.remove(unchanged);
            for (int i = 0; i < changes.size(); i++) {
                String flaw = unchanged.get(i).stored().image().flaw();
                changes.get(i)
                        .ifPresent(event -> LOG.log(
                                flaw == null ? Level.INFO : Level.WARNING,
                                () -> event + (flaw == null ? "" : "; " + flaw)));
                tell(changes.get(i));
            }
        }
    }

    private Optional<HistoryEvent> name(Transaction transaction, Inbox.Arrival arrival) {
        StoredFile file = arrival.stored();
        try {
            Optional<StoredFile> before = store.find(transaction, file.path());
            store.requireNoClash(transaction, file.path());
            if (arrival.mustStay()
                    && before.filter(old -> !old.storedAt().isBefore(file.storedAt()))
                            .isPresent()) {
                return Optional.empty();
            }
            return name(transaction, file, before, Inbox.ACTOR);
        } catch (FuotaException e) {
            if (e.code() != ErrorCode.CONFLICT) {
                throw e;
            }
            inbox.leave(arrival.file(), arrival.state(), e.sentence());
            return Optional.empty();
        }
    }

    private HistoryEvent keep(
            Transaction transaction,
            EventKind kind,
            FilePath path,
            @Nullable StoredFile before,
            @Nullable StoredFile after,
            Actor actor) {
        HistoryEvent event = new HistoryEvent(
                now(), null, path.value(), kind, hex(before), hex(after), actor.user(), actor.remoteAddress());
        history.add(transaction, event);
        return event;
    }

    private static @Nullable String hex(@Nullable StoredFile file) {
        return file == null ? null : file.sha256().hex();
    }

    private void tell(Optional<HistoryEvent> change) {
        try {
            change.map(HistoryEvent::filePath).map(FilePath::new).ifPresent(changed::accept);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> "a change of an update file wasn't noticed");
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
