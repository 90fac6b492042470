package org.fuota.device;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.file.Advice;
import org.fuota.file.FilePath;
import org.fuota.file.Recipients;
import org.jspecify.annotations.Nullable;

/** A look at assignments before they are made. Takes them one by one, and holds no more however many files and versions they name. */
final class BulkLook {
    /** A fleet has few files and versions, so that this is as good as all; and where it has more, they are asked for again. */
    private static final int MAX_KNOWN = 1000;

    private final Bulk bulk;
    private final BiFunction<FilePath, Recipients, Advice> advice;
    private final Map<String, Advice> advised = new Latest<>(MAX_KNOWN);
    private final WarningTally warnings = new WarningTally();
    private final BulkReport.Changes changes = new BulkReport.Changes();
    private final BulkFacts facts;
    private @Nullable String refusal;
    private int refusedLine = Integer.MAX_VALUE;

    BulkLook(Bulk bulk, BiFunction<FilePath, Recipients, Advice> advice, Instant now) {
        this.bulk = bulk;
        this.advice = advice;
        this.facts = new BulkFacts(now);
        bulk.list().notes().forEach(warnings::note);
    }

    /** A warning about a device; of one alone it needn't say about which. */
    void warn(String sentence, DeviceId deviceId) {
        if (bulk.isOfOne()) {
            warnings.note(sentence);
        } else {
            warnings.add(sentence, 1, deviceId.value());
        }
    }

    void add(Assignment assignment) {
        facts.add(assignment);
        if (assignment.isChange()) {
            changes.add(assignment);
        }
        if (assignment.version() != null) {
            advise(assignment);
        }
    }

    private void advise(Assignment assignment) {
        int line = assignment.line().number();
        FilePath file = assignment.file();
        Recipients device = assignment.recipients();
        String key =
                device.appVersion() + "\n" + file.value() + "\n" + device.last().key();
        Advice found = advised.computeIfAbsent(key, first -> advice.apply(file, device));
        found.sentences().forEach(sentence -> warn(sentence, assignment.deviceId()));
        if (found.refusal().isPresent() && line < refusedLine) {
            refusedLine = line;
            refusal = found.refusal().get();
        }
    }

    BulkReport.Changes changes() {
        return changes;
    }

    BulkFacts facts() {
        return facts;
    }

    /** @throws FuotaException that names the first line that is refused, if one is and nobody insists */
    void requireUnrefused() {
        if (refusal != null && !bulk.isForced()) {
            throw new FuotaException(
                    ErrorCode.CONFLICT,
                    (bulk.isOfOne() ? "" : "line " + refusedLine + ": ") + refusal + "; ?force=true assigns it anyway");
        }
    }

    /** What may be a mistake. */
    List<String> warnings() {
        return warnings.sentences();
    }
}
