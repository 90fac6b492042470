package org.fuota.evidence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.poll.PollAnswer;
import org.jspecify.annotations.Nullable;

/**
 * All that is remembered of a device's polls. Believes nothing but them.
 *
 * @param polls how many there were
 * @param appVersion what it reported last; null when it never said
 * @param appVersionSince when it reported that first, since it last reported another
 * @param answer to its last poll; null when another version of this server wrote one that this doesn't know
 * @param answerSince when that answer was first given, since another was
 * @param offer the last one, or null when there was none
 * @param takenBefore the digest of the file that it had taken before that offer; null when that isn't known
 */
public record DeviceStatus(
        String deviceId,
        Instant firstSeen,
        Moment lastSeen,
        long polls,
        Gaps gaps,
        @Nullable String appVersion,
        @Nullable Instant appVersionSince,
        String remoteAddress,
        @Nullable PollAnswer answer,
        Instant answerSince,
        @Nullable Offer offer,
        @Nullable String takenBefore,
        Flips versionFlips,
        Flips addressFlips) {

    /**
     * What a sighting leads to.
     *
     * @param events what changed by it; none when it says what was known
     * @param mistaken an event of before that is told anew by these, now that more is known
     * @param reports the versions that are learned to come with files that were offered
     */
    public record Step(
            DeviceStatus status,
            List<HistoryEvent> events,
            @Nullable HistoryEvent mistaken,
            List<FileReport> reports) {
        private Step then(Step next) {
            return new Step(
                    next.status,
                    Stream.concat(events.stream(), next.events.stream()).toList(),
                    mistaken,
                    Stream.concat(reports.stream(), next.reports.stream()).toList());
        }
    }

    /** Of a device that polls for the first time. */
    public static Step first(String deviceId, Sighting sighting) {
        String appVersion = sighting.appVersion();
        Offer offer = offered(null, sighting);
        DeviceStatus status = new DeviceStatus(
                deviceId,
                sighting.first().at(),
                sighting.last(),
                sighting.polls(),
                Gaps.none().within(sighting),
                appVersion,
                appVersion == null ? null : sighting.first().at(),
                sighting.remoteAddress(),
                sighting.answer(),
                sighting.first().at(),
                offer,
                null,
                Flips.none(),
                Flips.none());
        Events events = new Events(deviceId, sighting);
        events.add(EventKind.SEEN, null, appVersion);
        if (offer != null) {
            events.add(EventKind.OFFERED, null, offer.file());
        }
        return new Step(status, events.list(), null, List.of());
    }

    /** After one more sighting; the polls of one board may have come through several nodes, of which one writes them later. */
    public Step after(Sighting sighting) {
        if (!sighting.first().isBefore(lastSeen)) {
            return next(sighting);
        }
        if (!lastSeen.isBefore(sighting.last())) {
            return LatePolls.after(this, sighting);
        }
        Step late = LatePolls.after(this, sighting.allButLast());
        return late.then(late.status().next(sighting.lastOne()));
    }

    private Step next(Sighting sighting) {
        Events events = new Events(deviceId, sighting);
        String reported = sighting.appVersion() == null ? appVersion : sighting.appVersion();
        String changed = Objects.equals(reported, appVersion) ? null : reported;

        Offer concerned = offer;
        List<FileReport> reports = List.of();
        if (changed != null && offer != null && !changed.equals(offer.appVersion()) && !offer.isUpdated()) {
            concerned = offer.updated(changed, sighting.first().at());
            events.add(EventKind.UPDATED, appVersion, changed);
            reports = report(offer, changed, sighting.first().at());
        } else if (changed != null && offer != null && changed.equals(offer.appVersion()) && offer.isUpdated()) {
            concerned = offer.reverted(sighting.first().at());
            events.add(EventKind.REVERTED, appVersion, changed);
        } else if (changed != null) {
            events.add(EventKind.VERSION, appVersion, changed);
        }

        Offer next = offered(concerned, sighting);
        if (next != null && isNew(next, concerned)) {
            events.add(EventKind.OFFERED, concerned == null ? null : concerned.file(), next.file());
        }
        boolean isOtherAnswer = sighting.answer() != answer;
        // The server's own trouble is no news of the device.
        if (isOtherAnswer
                && events.list().isEmpty()
                && sighting.answer() != PollAnswer.TROUBLE
                && answer != null
                && answer != PollAnswer.TROUBLE) {
            events.add(EventKind.ANSWER, answer.label(), sighting.answer().label());
        }
        boolean isOtherAddress = !sighting.remoteAddress().equals(remoteAddress);
        if (isOtherAddress) {
            events.add(EventKind.ADDRESS, remoteAddress, sighting.remoteAddress());
        }

        DeviceStatus status = new DeviceStatus(
                deviceId,
                firstSeen,
                sighting.last(),
                polls + sighting.polls(),
                gaps.after(lastSeen, sighting),
                reported,
                changed == null ? appVersionSince : sighting.first().at(),
                sighting.remoteAddress(),
                sighting.answer(),
                isOtherAnswer ? sighting.first().at() : answerSince,
                next,
                takenBefore(concerned, next),
                changed != null && appVersion != null
                        ? versionFlips.changed(
                                appVersion, changed, sighting.first().at())
                        : versionFlips,
                isOtherAddress
                        ? addressFlips.changed(
                                remoteAddress,
                                sighting.remoteAddress(),
                                sighting.first().at())
                        : addressFlips);
        if (status.isClone(sighting.first().at()) && !isClone(sighting.first().at())) {
            events.add(EventKind.CLONE, null, status.flips(sighting.first().at()));
        }
        return new Step(status, events.list(), null, reports);
    }

    /**
     * Whether its version goes back and forth, as of two boards with one id. An address that does so says nothing: it may be a
     * board behind two uplinks.
     */
    public boolean isClone(Instant now) {
        return versionFlips.isMany(now);
    }

    /** What goes back and forth, the address too; empty when nothing does. */
    public String flips(Instant now) {
        List<String> parts = new ArrayList<>();
        if (versionFlips.isMany(now)) {
            parts.add("version flips between " + versionFlips.before() + " and " + appVersion);
        }
        if (addressFlips.isMany(now)) {
            parts.add("address flips between " + addressFlips.before() + " and " + remoteAddress);
        }
        return String.join(", ", parts);
    }

    /** What is learned when it reports a version first after an offer; at most one. */
    List<FileReport> report(Offer offered, String reported, Instant at) {
        // Once an offer: of a board that rolls back and tries again, or of clones, only the first counts.
        return offered.sha256() == null || offered.isReverted() || isClone(at)
                ? List.of()
                : List.of(new FileReport(offered.sha256(), reported, deviceId, at));
    }

    private static @Nullable Offer offered(@Nullable Offer known, Sighting sighting) {
        String sha256 = sighting.sha256();
        String file = sighting.file();
        String appVersion = sighting.appVersion();
        if (file == null || appVersion == null) {
            return known;
        }
        return known != null && known.isOf(file, appVersion, sha256)
                ? known.again(sighting)
                : Offer.of(sighting, file, appVersion, sha256);
    }

    /** Only what it took counts, and what it took last: not an offer that it never took, nor one that it rolled back. */
    private @Nullable String takenBefore(@Nullable Offer concerned, @Nullable Offer next) {
        return next != null && concerned != null && concerned.isUpdated() && isNew(next, concerned)
                ? concerned.sha256()
                : takenBefore;
    }

    private static boolean isNew(Offer offer, @Nullable Offer known) {
        return known == null || !known.isOf(offer.file(), offer.appVersion(), offer.sha256());
    }
}
