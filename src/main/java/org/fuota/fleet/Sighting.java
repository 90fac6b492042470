package org.fuota.fleet;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.fuota.device.AppVersion;
import org.fuota.device.Poll;
import org.fuota.device.PollAnswer;
import org.fuota.file.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * Polls of one device in a row that all said the same and were answered the same.
 *
 * @param appVersion what it said it runs; null when that was malformed
 * @param file what it was offered, or null
 * @param first when the first of them came
 * @param last when the last did
 * @param polls how many
 */
record Sighting(
        @Nullable String appVersion,
        PollAnswer answer,
        @Nullable String file,
        String remoteAddress,
        Instant first,
        Instant last,
        long polls) {
    static Sighting of(Poll poll) {
        AppVersion appVersion = poll.appVersion();
        FilePath file = poll.file();
        // As the database keeps it.
        Instant at = poll.at().truncatedTo(ChronoUnit.MILLIS);
        return new Sighting(
                appVersion == null ? null : appVersion.value(),
                poll.answer(),
                file == null ? null : file.value(),
                poll.remoteAddress(),
                at,
                at,
                1);
    }

    boolean saysTheSameAs(Sighting other) {
        return answer == other.answer
                && Objects.equals(appVersion, other.appVersion)
                && Objects.equals(file, other.file)
                && remoteAddress.equals(other.remoteAddress);
    }

    /** With later ones that say the same. */
    Sighting and(Sighting later) {
        return new Sighting(appVersion, answer, file, remoteAddress, first, later.last, polls + later.polls);
    }
}
