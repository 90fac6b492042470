package org.fuota.evidence;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.fuota.device.AppVersion;
import org.fuota.poll.OfferedFile;
import org.fuota.poll.Poll;
import org.fuota.poll.PollAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Polls of one device, one after another, that all said the same and were answered the same.
 *
 * @param appVersion what it said it runs; null when that was malformed
 * @param file what it was offered, or null
 * @param offered what that was then; null when nothing was, or it couldn't be read
 * @param first when the first of them came
 * @param last when the last did
 * @param polls how many
 */
public record Sighting(
        @Nullable String appVersion,
        PollAnswer answer,
        @Nullable String file,
        @Nullable OfferedFile offered,
        String remoteAddress,
        Moment first,
        Moment last,
        long polls) {
    /** @param served when it came, by a measure that {@link #after} makes one of {@code ServedTime} */
    public static Sighting of(Poll poll, long served) {
        AppVersion appVersion = poll.appVersion();
        OfferedFile file = poll.file();
        // As the database keeps it.
        Moment at = new Moment(poll.at().truncatedTo(ChronoUnit.MILLIS), served);
        return new Sighting(
                appVersion == null ? null : appVersion.value(),
                poll.answer(),
                file == null ? null : file.path().value(),
                file == null || file.sha256() == null ? null : file,
                poll.remoteAddress(),
                at,
                at,
                1);
    }

    /** Of the file that was offered; null when none was, or it couldn't be read. */
    @Nullable
    String sha256() {
        return offered == null ? null : offered.sha256();
    }

    /** The number of the rollout that offered it; null where none did. */
    public @Nullable Long rollout() {
        return offered == null ? null : offered.rollout();
    }

    public boolean saysTheSameAs(Sighting other) {
        return answer == other.answer
                && Objects.equals(appVersion, other.appVersion)
                && Objects.equals(file, other.file)
                && Objects.equals(sha256(), other.sha256())
                && Objects.equals(rollout(), other.rollout())
                && remoteAddress.equals(other.remoteAddress);
    }

    /** So many milliseconds later, in served time. */
    public Sighting after(long served) {
        return new Sighting(
                appVersion,
                answer,
                file,
                offered,
                remoteAddress,
                new Moment(first.at(), first.served() + served),
                new Moment(last.at(), last.served() + served),
                polls);
    }

    /** With later ones that say the same. */
    public Sighting and(Sighting later) {
        return new Sighting(appVersion, answer, file, offered, remoteAddress, first, later.last, polls + later.polls);
    }

    /** The last of them alone. */
    Sighting lastOne() {
        return new Sighting(appVersion, answer, file, offered, remoteAddress, last, last, 1);
    }

    /** The others, of which there must be one: taken as equally far apart. */
    Sighting allButLast() {
        long gaps = polls - 1;
        Moment beforeLast = new Moment(
                last.at().minusMillis(Duration.between(first.at(), last.at()).toMillis() / gaps),
                last.served() - (last.served() - first.served()) / gaps);
        return new Sighting(
                appVersion, answer, file, offered, remoteAddress, first, gaps == 1 ? first : beforeLast, gaps);
    }
}
