package org.fuota.evidence;

import java.time.Instant;
import org.fuota.device.DeviceRow;
import org.jspecify.annotations.Nullable;

/**
 * An update file that a device was offered, and what came of it.
 *
 * @param file its path
 * @param sha256 of its bytes when it was offered, in hexadecimal; null when it couldn't be read
 * @param appVersion what the device reported, and was to replace
 * @param since when it was offered first
 * @param last when it was offered last
 * @param count how often
 * @param updatedTo the version that the device reported next; null as long as it reports the old one
 * @param updatedAt when it did so first, or null
 * @param revertedAt when it reported the old version again after that, or null
 */
public record Offer(
        String file,
        @Nullable String sha256,
        String appVersion,
        Moment since,
        Moment last,
        long count,
        @Nullable String updatedTo,
        @Nullable Instant updatedAt,
        @Nullable Instant revertedAt) {
    static Offer of(Sighting sighting, String file, String appVersion, @Nullable String sha256) {
        return new Offer(
                file, sha256, appVersion, sighting.first(), sighting.last(), sighting.polls(), null, null, null);
    }

    /** Whether the same bytes are offered at the same path, to replace the same version. */
    boolean isOf(String otherFile, String otherAppVersion, @Nullable String otherSha256) {
        return file.equals(otherFile)
                && appVersion.equals(otherAppVersion)
                && (sha256 == null || otherSha256 == null || sha256.equals(otherSha256));
    }

    /** Whether an assignment offers the file at the same path, to the same version. */
    boolean isOf(DeviceRow row) {
        return file.equals(row.updateFilePath()) && appVersion.equals(row.appVersion());
    }

    /** Offered once more, or, by polls that are told late, more often than was known. */
    Offer again(Sighting sighting) {
        return new Offer(
                file,
                sha256,
                appVersion,
                sighting.first().isBefore(since) ? sighting.first() : since,
                sighting.last().isBefore(last) ? last : sighting.last(),
                count + sighting.polls(),
                updatedTo,
                updatedAt,
                revertedAt);
    }

    Offer updated(String to, Instant at) {
        return new Offer(file, sha256, appVersion, since, last, count, to, at, null);
    }

    Offer reverted(Instant at) {
        return new Offer(file, sha256, appVersion, since, last, count, updatedTo, updatedAt, at);
    }

    /** It had been updated to another version, and earlier than was known; what came after that stays. */
    Offer updatedEarlier(String to, Instant at) {
        return new Offer(file, sha256, appVersion, since, last, count, to, at, revertedAt);
    }

    boolean isUpdated() {
        return updatedAt != null && revertedAt == null;
    }

    boolean isReverted() {
        return revertedAt != null;
    }
}
