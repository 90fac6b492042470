package org.fuota.device;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.fuota.db.Transaction;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.file.Advice;
import org.fuota.file.FilePath;
import org.fuota.history.Actor;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;

/** Changes what devices are offered: each change together with who made it, or not at all. */
public final class Assignments {
    private static final int SLICE_ROWS = 500;

    private final DeviceUpdateStore updates;
    private final HistoryStore history;
    private final BiFunction<FilePath, String, Advice> advice;
    private final BiFunction<FilePath, FilePath, Optional<String>> otherChip;
    private final Clock clock;

    /**
     * @param advice on offering a file to devices that report a version
     * @param otherChip what to warn of when a file takes the place of another
     */
    public Assignments(
            DeviceUpdateStore updates,
            HistoryStore history,
            BiFunction<FilePath, String, Advice> advice,
            BiFunction<FilePath, FilePath, Optional<String>> otherChip,
            Clock clock) {
        this.updates = updates;
        this.history = history;
        this.advice = advice;
        this.otherChip = otherChip;
        this.clock = clock;
    }

    /**
     * Creates the device's row, or replaces the one it has. What is so already is left as it is.
     *
     * @param isForced whether a refusal is only a warning
     * @throws FuotaException when it is refused
     */
    Assigned assign(DeviceUpdate update, boolean isForced, Actor actor) {
        // What takes a while is done before the transaction, or after it.
        List<String> warnings = new ArrayList<>(warnings(update, isForced, ""));
        Instant now = clock.instant();
        Change change = updates.transaction(transaction -> {
            List<Change> changes = compare(transaction, List.of(update));
            write(transaction, changes, actor, now);
            return changes.get(0);
        });
        change.fileBefore()
                .flatMap(before -> otherChip.apply(update.updateFilePath(), before))
                .ifPresent(warnings::add);
        return new Assigned(change.isNone() ? Optional.empty() : Optional.of(change.assigned(actor, now)), warnings);
    }

    /**
     * Does what {@link #assign} does for many devices: for all of them or, when it throws, for none.
     *
     * @param isDryRun whether to tell only what would come of it
     */
    BulkReport assignAll(List<UpdateLine> lines, boolean isForced, boolean isDryRun, Actor actor) {
        WarningTally warnings = new WarningTally();
        Map<String, List<String>> advised = new HashMap<>();
        for (UpdateLine line : lines) {
            DeviceUpdate update = line.update();
            String key =
                    update.appVersion().value() + "\n" + update.updateFilePath().value();
            advised.computeIfAbsent(key, first -> warnings(update, isForced, "line " + line.number() + ": "))
                    .forEach(sentence -> warnings.add(sentence, 1, update.deviceId()));
        }
        // By id, as the database's indexes are: it writes several times as fast.
        List<DeviceUpdate> ordered = lines.stream()
                .map(UpdateLine::update)
                .sorted(Comparator.comparing(update -> update.deviceId().value()))
                .toList();
        Instant now = clock.instant();
        ChangeTally changes = updates.transaction(transaction -> {
            ChangeTally tally = new ChangeTally();
            for (int from = 0; from < ordered.size(); from += SLICE_ROWS) {
                List<Change> compared =
                        compare(transaction, ordered.subList(from, Math.min(from + SLICE_ROWS, ordered.size())));
                tally.add(compared);
                if (!isDryRun) {
                    write(transaction, compared, actor, now);
                }
            }
            return tally;
        });
        changes.warn(otherChip, warnings);
        return new BulkReport(isDryRun, lines.size(), changes.created(), changes.changed(), warnings.sentences());
    }

    /** Deletes the device's row; tells what changed, or nothing when it had none. */
    Optional<HistoryEvent> withdraw(DeviceId deviceId, Actor actor) {
        Instant now = clock.instant();
        return updates.transaction(transaction -> {
            DeviceRow before =
                    updates.find(transaction, List.of(deviceId.value())).get(deviceId.value());
            if (before == null) {
                return Optional.empty();
            }
            HistoryEvent event = Change.withdrawn(before, actor, now);
            updates.delete(transaction, deviceId);
            history.add(transaction, event);
            return Optional.of(event);
        });
    }

    private List<String> warnings(DeviceUpdate update, boolean isForced, String where) {
        Advice advised =
                advice.apply(update.updateFilePath(), update.appVersion().value());
        if (advised.refusal().isPresent() && !isForced) {
            throw new FuotaException(
                    ErrorCode.CONFLICT, where + advised.refusal().get() + "; ?force=true assigns it nevertheless");
        }
        List<String> warnings = new ArrayList<>();
        advised.refusal().ifPresent(warnings::add);
        warnings.addAll(advised.warnings());
        return warnings;
    }

    private List<Change> compare(Transaction transaction, List<DeviceUpdate> wanted) {
        Map<String, DeviceRow> rows = updates.find(
                transaction,
                wanted.stream().map(update -> update.deviceId().value()).toList());
        return wanted.stream()
                .map(update -> new Change(rows.get(update.deviceId().value()), update))
                .toList();
    }

    private void write(Transaction transaction, List<Change> compared, Actor actor, Instant now) {
        List<Change> changes =
                compared.stream().filter(change -> !change.isNone()).toList();
        if (changes.isEmpty()) {
            return;
        }
        updates.save(transaction, changes.stream().map(Change::update).toList(), now);
        history.add(
                transaction,
                changes.stream().map(change -> change.assigned(actor, now)).toList());
    }
}
