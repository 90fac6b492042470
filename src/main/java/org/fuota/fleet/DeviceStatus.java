package org.fuota.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fuota.device.PollAnswer;
import org.fuota.history.HistoryEvent;
import org.jspecify.annotations.Nullable;

/**
 * All that is remembered of a device's polls. Believes nothing but them.
 *
 * @param polls how many there were
 * @param appVersion what it reported last; null when it never said
 * @param appVersionSince when it reported that first, since it last reported another
 * @param answer to its last poll
 * @param answerSince when that answer was first given, since another was
 * @param offer the last one, or null when there was none
 */
record DeviceStatus(
        String deviceId,
        Instant firstSeen,
        Instant lastSeen,
        long polls,
        Gaps gaps,
        @Nullable String appVersion,
        @Nullable Instant appVersionSince,
        String remoteAddress,
        PollAnswer answer,
        Instant answerSince,
        @Nullable Offer offer,
        Flips versionFlips,
        Flips addressFlips) {

    /**
     * What a sighting leads to.
     *
     * @param events what changed by it; none when it says what was known
     * @param report the version that is learned to come with the file that was offered, if any
     */
    record Step(DeviceStatus status, List<HistoryEvent> events, Optional<FileReport> report) {}

    /** Of a device that polls for the first time. */
    static Step first(String deviceId, Sighting sighting, @Nullable String sha256) {
        String appVersion = sighting.appVersion();
        Offer offer = offered(null, sighting, sha256);
        DeviceStatus status = new DeviceStatus(
                deviceId,
                sighting.first(),
                sighting.last(),
                sighting.polls(),
                Gaps.none().within(sighting),
                appVersion,
                appVersion == null ? null : sighting.first(),
                sighting.remoteAddress(),
                sighting.answer(),
                sighting.first(),
                offer,
                Flips.none(),
                Flips.none());
        Events events = new Events(deviceId, sighting);
        events.add("seen", null, appVersion);
        if (offer != null) {
            events.add("offered", null, offer.file());
        }
        return new Step(status, events.list, Optional.empty());
    }

    /**
     * After one more sighting.
     *
     * @param sha256 of the file that was offered, or null
     */
    Step after(Sighting sighting, @Nullable String sha256) {
        Events events = new Events(deviceId, sighting);
        String reported = sighting.appVersion() == null ? appVersion : sighting.appVersion();
        boolean isOtherVersion = reported != null && !reported.equals(appVersion);

        Offer concerned = offer;
        Optional<FileReport> report = Optional.empty();
        if (isOtherVersion && offer != null && !reported.equals(offer.appVersion()) && !offer.isUpdated()) {
            concerned = offer.updated(reported, sighting.first());
            events.add("updated", appVersion, reported);
            report = report(offer, reported, sighting);
        } else if (isOtherVersion && offer != null && reported.equals(offer.appVersion()) && offer.isUpdated()) {
            concerned = offer.reverted(sighting.first());
            events.add("reverted", appVersion, reported);
        } else if (isOtherVersion) {
            events.add("version", appVersion, reported);
        }

        Offer next = offered(concerned, sighting, sha256);
        if (next != null && isNew(next, concerned)) {
            events.add("offered", concerned == null ? null : concerned.file(), next.file());
        }
        boolean isOtherAnswer = sighting.answer() != answer;
        // The server's own trouble is no news of the device.
        if (isOtherAnswer
                && events.list.isEmpty()
                && sighting.answer() != PollAnswer.TROUBLE
                && answer != PollAnswer.TROUBLE) {
            events.add("answer", answer.label(), sighting.answer().label());
        }
        boolean isOtherAddress = !sighting.remoteAddress().equals(remoteAddress);
        if (isOtherAddress) {
            events.add("address", remoteAddress, sighting.remoteAddress());
        }

        DeviceStatus status = new DeviceStatus(
                deviceId,
                firstSeen,
                sighting.last(),
                polls + sighting.polls(),
                gaps.after(lastSeen, sighting),
                reported,
                isOtherVersion ? sighting.first() : appVersionSince,
                sighting.remoteAddress(),
                sighting.answer(),
                isOtherAnswer ? sighting.first() : answerSince,
                next,
                isOtherVersion && appVersion != null
                        ? versionFlips.changed(appVersion, reported, sighting.first())
                        : versionFlips,
                isOtherAddress
                        ? addressFlips.changed(remoteAddress, sighting.remoteAddress(), sighting.first())
                        : addressFlips);
        if (status.isClone(sighting.first()) && !isClone(sighting.first())) {
            events.add("clone", null, status.cloneEvidence(sighting.first()));
        }
        return new Step(status, events.list, report);
    }

    /** Whether its version or its address goes back and forth, as of two boards with one id. */
    boolean isClone(Instant now) {
        return versionFlips.isMany(now) || addressFlips.isMany(now);
    }

    /** What goes back and forth. */
    String cloneEvidence(Instant now) {
        List<String> parts = new ArrayList<>();
        if (versionFlips.isMany(now)) {
            parts.add("version flips between " + versionFlips.before() + " and " + appVersion);
        }
        if (addressFlips.isMany(now)) {
            parts.add("address flips between " + addressFlips.before() + " and " + remoteAddress);
        }
        return String.join(", ", parts);
    }

    private Optional<FileReport> report(Offer offered, String reported, Sighting sighting) {
        // Once an offer: of a board that rolls back and tries again, or of clones, only the first counts.
        return offered.sha256() == null || offered.isReverted() || isClone(sighting.first())
                ? Optional.empty()
                : Optional.of(new FileReport(offered.sha256(), reported, sighting.first()));
    }

    private static @Nullable Offer offered(@Nullable Offer known, Sighting sighting, @Nullable String sha256) {
        String file = sighting.file();
        String appVersion = sighting.appVersion();
        if (file == null || appVersion == null) {
            return known;
        }
        return known != null && known.isOf(file, appVersion, sha256)
                ? known.again(sighting)
                : Offer.of(sighting, file, appVersion, sha256);
    }

    private static boolean isNew(Offer offer, @Nullable Offer known) {
        return known == null || !known.isOf(offer.file(), offer.appVersion(), offer.sha256());
    }

    private static final class Events {
        private final String deviceId;
        private final Sighting sighting;
        private final List<HistoryEvent> list = new ArrayList<>();

        Events(String deviceId, Sighting sighting) {
            this.deviceId = deviceId;
            this.sighting = sighting;
        }

        void add(String event, @Nullable String before, @Nullable String after) {
            list.add(new HistoryEvent(
                    sighting.first(), deviceId, null, event, before, after, null, sighting.remoteAddress()));
        }
    }
}
