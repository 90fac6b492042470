package org.fuota.device;

import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.file.Advice;
import org.fuota.file.FilePath;
import org.fuota.file.Recipients;
import org.fuota.file.UploadEffect;
import org.fuota.history.Actor;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.http.EntityTag;
import org.fuota.http.Preconditions;
import org.fuota.http.Validators;
import org.jspecify.annotations.Nullable;

/** Changes what devices are offered: each change together with who made it, and all that a request asks for or nothing. */
public final class Assignments {
    private final Database database;
    private final AssignmentStore updates;
    private final HistoryStore history;
    private final AssignmentWriter writer;
    private final BulkStore staged;
    private final Reports reports;
    private final BiFunction<FilePath, Recipients, Advice> advice;
    private final Function<FilePath, Optional<String>> sha256;
    private final Clock clock;
    private final Since since;
    private final Withdrawal withdrawal;

    /**
     * @param advice on offering a file to devices
     * @param sha256 the digest of a file, in hexadecimal; empty when it isn't there
     */
    public Assignments(
            Database database,
            AssignmentStore updates,
            HistoryStore history,
            Reports reports,
            BiFunction<FilePath, Recipients, Advice> advice,
            Function<FilePath, Optional<String>> sha256,
            Clock clock) {
        this.database = database;
        this.updates = updates;
        this.history = history;
        this.writer = new AssignmentWriter(history, reports);
        this.staged = new BulkStore(database, writer, history);
        this.reports = reports;
        this.advice = advice;
        this.sha256 = sha256;
        this.clock = clock;
        this.since = new Since(history);
        this.withdrawal = new Withdrawal(database, updates, reports, staged, history);
    }

    /** @throws FuotaException when one is refused, or what there is isn't as the conditions ask, or as in the preview */
    BulkReport assign(Bulk bulk, Actor actor) {
        Instant now = clock.instant();
        if (bulk.isDryRun()) {
            return look(bulk, now, slice -> {});
        }
        if (bulk.isOfOne()) {
            // Looked at before the transaction, because that may take a while.
            return new BulkReport(bulk, look(bulk, now, slice -> {}).look(), write(bulk, actor, now), Optional.empty());
        }
        return staged.publish(actor, now, lines -> {
            BulkReport report = look(
                    bulk,
                    now,
                    slice -> lines.add(slice.stream()
                            .filter(one -> one.version() != null)
                            .map(Assignment::after)
                            .toList()));
            // What a preview was of must still be so.
            return transaction -> bulk.previews().isPresent() && lines.hasChanged(transaction)
                    ? Optional.empty()
                    : Optional.of(report);
        });
    }

    /** What would come of it, of which somebody is given some at a time. */
    private BulkReport look(Bulk bulk, Instant now, Consumer<List<Assignment>> some) {
        BulkLook look = new BulkLook(bulk, advice, now);
        Optional<Basis> basis = bulk.isDryRun() || bulk.previews().isPresent()
                ? Optional.of(new Basis(bulk, sha256))
                : Optional.empty();
        bulk.list().slices().forEach(lines -> {
            List<Assignment> slice = database.connected(statements -> plan(statements, bulk, lines));
            slice.forEach(look::add);
            basis.ifPresent(all -> slice.forEach(all::add));
            OtherCase.among(slice, this::known).forEach(id -> look.warn(OtherCase.WARNING, id));
            some.accept(slice);
        });
        look.requireUnrefused();
        Optional<EntityTag> tag = basis.map(Basis::tag);
        tag.ifPresent(current -> since.requireCurrent(bulk, current));
        return new BulkReport(bulk, look, look.changes(), bulk.isDryRun() ? tag : Optional.empty());
    }

    private BulkReport.Changes write(Bulk bulk, Actor actor, Instant now) {
        AssignmentList.Line line = bulk.list().first();
        return database.transaction(transaction -> {
            staged.settle(transaction, line.deviceId().value());
            Assignment one = plan(transaction, bulk, List.of(line)).get(0);
            require(bulk.conditions(), line.deviceId().value(), one.before());
            BulkReport.Changes count = new BulkReport.Changes();
            if (one.isChange()) {
                count.add(one);
                writer.write(transaction, List.of(one.change()), actor, now);
            }
            return count;
        });
    }

    /** Deletes the device's assignment, if that is as the conditions ask; tells what changed, or nothing when it had none. */
    Optional<HistoryEvent> withdraw(String deviceId, Preconditions conditions, Actor actor) {
        Instant now = clock.instant();
        return database.transaction(transaction -> {
            staged.settle(transaction, deviceId);
            DeviceRow before = updates.find(transaction, List.of(deviceId)).get(deviceId);
            if (before == null) {
                return Optional.empty();
            }
            require(conditions, deviceId, before);
            Change change = new Change(deviceId, before, null);
            writer.write(transaction, List.of(change), actor, now);
            return Optional.of(change.event(actor, now));
        });
    }

    /** Deletes the assignments of many boards at once; those without one stay as they are. Throws when the preview doesn't hold any more. */
    public BoardsReport withdraw(BoardsRequest request, Actor actor) {
        return withdrawal.of(request, actor, clock.instant());
    }

    /** Deletes, or in a dry run counts, all assignments of a path, which may be any text: an older server's may name what is no path. */
    long withdrawAll(String path, boolean isDryRun, Actor actor) {
        if (isDryRun) {
            return updates.count(path);
        }
        return staged.publish(actor, clock.instant(), lines -> {
            long withdrawn = 0;
            List<String> ids = updates.idsOf(path, null, BulkStore.SLICE);
            while (!ids.isEmpty()) {
                lines.withdraw(ids);
                withdrawn += ids.size();
                ids = updates.idsOf(path, ids.get(ids.size() - 1), BulkStore.SLICE);
            }
            long all = withdrawn;
            // Those that somebody has changed meanwhile keep what they were assigned then.
            return transaction -> Optional.of(all - lines.dropChanged(transaction));
        });
    }

    /**
     * Tells what an upload to a path means to the devices that are assigned it: what assigning it to them would.
     *
     * @param onUpload advice on offering the upload to some of them
     */
    public UploadEffect checkUpload(FilePath path, Function<Recipients, Advice> onUpload, boolean isForced) {
        WarningTally warnings = new WarningTally();
        WarningTally refusals = new WarningTally();
        long devices = 0;
        for (Recipients alike : reports.recipients(path)) {
            Advice advised = onUpload.apply(alike);
            advised.refusal().ifPresent(sentence -> refusals.add(sentence, alike.devices(), alike.firstId()));
            advised.sentences().forEach(sentence -> warnings.add(sentence, alike.devices(), alike.firstId()));
            devices += alike.devices();
        }
        if (!refusals.sentences().isEmpty() && !isForced) {
            throw new FuotaException(
                    ErrorCode.CONFLICT, refusals.sentences().get(0) + "; ?force=true uploads it anyway");
        }
        return new UploadEffect(devices, warnings.sentences());
    }

    /** Goes on with what is staged, though whoever began with it may be gone. To be called often. */
    public void goOn() {
        staged.goOn(clock.instant());
    }

    private List<Assignment> plan(Transaction statements, Bulk bulk, List<AssignmentList.Line> lines) {
        List<String> ids = lines.stream().map(line -> line.deviceId().value()).toList();
        Map<String, DeviceRow> rows = updates.find(statements, ids);
        Map<String, Reports.Report> reported = reports.find(statements, ids);
        return lines.stream()
                .map(line -> {
                    String id = line.deviceId().value();
                    return Assignment.of(bulk, line, rows.get(id), reported.get(id));
                })
                .toList();
    }

    private Set<String> known(List<String> ids) {
        return database.connected(statements -> {
            Set<String> known = new HashSet<>(updates.find(statements, ids).keySet());
            known.addAll(reports.find(statements, ids).keySet());
            return known;
        });
    }

    /** An assignment knows no time of its own, so that conditions on one don't count (RFC 9110, section 13.1.4). */
    private void require(@Nullable Preconditions conditions, String deviceId, @Nullable DeviceRow row) {
        Validators validators = row == null ? null : new Validators(Basis.tag(row), Instant.EPOCH);
        if (conditions != null && conditions.check(validators) == Preconditions.Outcome.PRECONDITION_FAILED) {
            throw since.failed(deviceId);
        }
    }
}
