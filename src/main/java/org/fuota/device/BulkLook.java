package org.fuota.device;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.fuota.error.FuotaException;
import org.fuota.file.Advice;
import org.fuota.file.FilePath;
import org.fuota.file.Recipients;
import org.jspecify.annotations.Nullable;

/**
 * A look at many assignments before they are made. Takes them one by one, and holds no more however many files and versions
 * they name.
 */
final class BulkLook {
    /** A fleet has few files and versions, so that this is as good as all; and where it has more, they are asked for again. */
    private static final int MAX_KNOWN = 1000;

    private final BiFunction<FilePath, Recipients, Advice> advice;
    private final Map<String, Advice> advised = new Latest<>(MAX_KNOWN);
    private final WarningTally warnings = new WarningTally();
    private final ChangeCount changes = new ChangeCount();
    private final BulkFacts facts;
    private @Nullable String refusal;
    private int refusedLine = Integer.MAX_VALUE;

    BulkLook(BiFunction<FilePath, Recipients, Advice> advice, Instant now) {
        this.advice = advice;
        this.facts = new BulkFacts(now);
    }

    /** A warning about all of it. */
    void note(String sentence) {
        warnings.note(sentence);
    }

    /** A warning about a device. */
    void warn(String sentence, DeviceId deviceId) {
        warnings.add(sentence, 1, deviceId.value());
    }

    void add(Planned planned) {
        facts.add(planned);
        planned.change().ifPresent(change -> {
            changes.add(change);
            advise(planned, change.update());
        });
    }

    private void advise(Planned planned, DeviceUpdate update) {
        int line = planned.line().number();
        FilePath file = update.updateFilePath();
        Recipients device = update.recipients(planned.last());
        String key = device.appVersion() + "\n" + file.value() + "\n"
                + planned.last().key();
        Advice found = advised.computeIfAbsent(key, first -> advice.apply(file, device));
        found.refusal().ifPresent(sentence -> {
            warn(sentence, update.deviceId());
            if (line < refusedLine) {
                refusedLine = line;
                refusal = sentence;
            }
        });
        found.warnings().forEach(sentence -> warn(sentence, update.deviceId()));
    }

    ChangeCount changes() {
        return changes;
    }

    BulkFacts facts() {
        return facts;
    }

    /** @throws FuotaException that names the first line that is refused, if one is */
    void requireUnrefused() {
        if (refusal != null) {
            throw Assignments.refused("line " + refusedLine + ": " + refusal);
        }
    }

    /** What may be a mistake. */
    List<String> warnings() {
        return warnings.sentences();
    }
}
