package org.fuota.device;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.db.DatabaseException;
import org.fuota.db.Transaction;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.file.Advice;
import org.fuota.file.FilePath;
import org.fuota.file.LastFile;
import org.fuota.file.Recipients;
import org.fuota.file.UploadEffect;
import org.fuota.history.Actor;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.http.Preconditions;
import org.fuota.http.Validators;
import org.jspecify.annotations.Nullable;

/** Changes what devices are offered: each change together with who made it, or not at all. */
public final class Assignments {
    private static final Logger LOG = Logger.getLogger(Assignments.class.getName());

    private final DeviceUpdateStore updates;
    private final HistoryStore history;
    private final Reports reports;
    private final BiFunction<FilePath, Recipients, Advice> advice;
    private final Function<FilePath, List<Recipients>> recipients;
    private final Clock clock;

    /**
     * @param advice on offering a file to devices
     * @param recipients the devices that are assigned a file
     */
    public Assignments(
            DeviceUpdateStore updates,
            HistoryStore history,
            Reports reports,
            BiFunction<FilePath, Recipients, Advice> advice,
            Function<FilePath, List<Recipients>> recipients,
            Clock clock) {
        this.updates = updates;
        this.history = history;
        this.reports = reports;
        this.advice = advice;
        this.recipients = recipients;
        this.clock = clock;
    }

    /**
     * Creates the device's row, or replaces the one it has. What is so already is left as it is.
     *
     * @param isForced whether a refusal is only a warning
     * @throws FuotaException when it is refused, or the row isn't as the conditions ask
     */
    Assigned assign(DeviceUpdate update, boolean isForced, Preconditions preconditions, Actor actor) {
        // What takes a while is done before the transaction, or after it.
        Advice advised = advice.apply(update.updateFilePath(), update.recipients(last(update.deviceId())));
        if (advised.refusal().isPresent() && !isForced) {
            throw refused(advised.refusal().get());
        }
        List<String> warnings = new ArrayList<>(advised.sentences());
        Instant now = clock.instant();
        Change change = updates.transaction(transaction -> {
            Change made = new Change(find(transaction, update.deviceId().value()), update);
            require(preconditions, update.deviceId().value(), made.before());
            updates.write(transaction, history, reports, List.of(made), actor, now);
            return made;
        });
        if (change.before() == null && isKnownInOtherCase(update.deviceId())) {
            warnings.add(OtherCase.WARNING);
        }
        return new Assigned(change.isNone() ? Optional.empty() : Optional.of(change.assigned(actor, now)), warnings);
    }

    /**
     * Tells what an upload to a path means to the devices that are assigned it: what assigning it to them would. When the
     * database doesn't answer, only that; files go on without it.
     *
     * @param onUpload advice on offering the upload to some of them
     * @throws FuotaException when it is refused
     */
    public UploadEffect checkUpload(FilePath path, Function<Recipients, Advice> onUpload, boolean isForced) {
        try {
            return effect(recipients.apply(path), onUpload, isForced);
        } catch (DatabaseException e) {
            LOG.log(Level.WARNING, e, () -> "nobody can tell what an upload means to devices: " + path.value());
            return new UploadEffect(
                    OptionalLong.empty(),
                    List.of("the database doesn't answer, so that nobody can tell which devices are assigned it"));
        }
    }

    private static UploadEffect effect(
            List<Recipients> recipients, Function<Recipients, Advice> onUpload, boolean isForced) {
        WarningTally warnings = new WarningTally();
        WarningTally refusals = new WarningTally();
        long devices = 0;
        for (Recipients alike : recipients) {
            Advice advised = onUpload.apply(alike);
            advised.refusal().ifPresent(sentence -> refusals.add(sentence, alike.devices(), alike.firstId()));
            advised.sentences().forEach(sentence -> warnings.add(sentence, alike.devices(), alike.firstId()));
            devices += alike.devices();
        }
        if (!refusals.sentences().isEmpty() && !isForced) {
            throw new FuotaException(
                    ErrorCode.CONFLICT, refusals.sentences().get(0) + "; ?force=true uploads it anyway");
        }
        return new UploadEffect(OptionalLong.of(devices), warnings.sentences());
    }

    /**
     * Deletes the device's row; tells what changed, or nothing when it had none.
     *
     * @throws FuotaException when it isn't as the conditions ask
     */
    Optional<HistoryEvent> withdraw(String deviceId, Preconditions preconditions, Actor actor) {
        Instant now = clock.instant();
        return updates.transaction(transaction -> {
            DeviceRow before = find(transaction, deviceId);
            if (before == null) {
                return Optional.empty();
            }
            require(preconditions, deviceId, before);
            updates.delete(transaction, history, reports, List.of(before), actor, now);
            return Optional.of(Change.withdrawn(before, actor, now));
        });
    }

    static FuotaException refused(String sentence) {
        return new FuotaException(ErrorCode.CONFLICT, sentence + "; ?force=true assigns it anyway");
    }

    private LastFile last(DeviceId deviceId) {
        Reports.Report report = updates.read(statements -> reports.find(statements, List.of(deviceId.value())))
                .get(deviceId.value());
        return report == null ? LastFile.NONE : report.last();
    }

    private @Nullable DeviceRow find(Transaction transaction, String deviceId) {
        return updates.find(transaction, List.of(deviceId)).get(deviceId);
    }

    /** A row knows no time of its own, so that conditions on one don't count (RFC 9110, section 13.1.4). */
    private void require(Preconditions preconditions, String deviceId, @Nullable DeviceRow row) {
        Validators validators = row == null ? null : new Validators(Basis.tag(row), Instant.EPOCH);
        if (preconditions.check(validators) == Preconditions.Outcome.PRECONDITION_FAILED) {
            throw Since.failed(deviceId, history);
        }
    }

    private boolean isKnownInOtherCase(DeviceId deviceId) {
        List<String> others = OtherCase.of(deviceId);
        return !others.isEmpty()
                && updates.read(statements ->
                        reports.find(statements, List.of(deviceId.value())).isEmpty()
                                && !(updates.find(statements, others).isEmpty()
                                        && reports.find(statements, others).isEmpty()));
    }
}
