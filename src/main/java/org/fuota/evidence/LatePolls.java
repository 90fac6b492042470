package org.fuota.evidence;

import java.time.Instant;
import java.util.List;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.jspecify.annotations.Nullable;

/**
 * What polls mean of which one learns late: later ones of the same board, through another node, are known already. They are
 * counted, and tell what had been offered and come of it; nothing that the board is or says by now is turned back.
 */
final class LatePolls {
    private final DeviceStatus known;
    private final Sighting late;
    private final Events events;
    private @Nullable HistoryEvent mistaken;
    private List<FileReport> reports = List.of();

    private LatePolls(DeviceStatus known, Sighting late) {
        this.known = known;
        this.late = late;
        this.events = new Events(known.deviceId(), late);
    }

    /** The last of the late polls must have come before the last known one. */
    static DeviceStatus.Step after(DeviceStatus known, Sighting late) {
        return new LatePolls(known, late).step();
    }

    private DeviceStatus.Step step() {
        Instant first = late.first().at();
        Offer before = known.offer();
        Offer offer = offer(before, late.file(), late.appVersion());
        boolean isNew =
                offer != null && (before == null || !before.isOf(offer.file(), offer.appVersion(), offer.sha256()));
        DeviceStatus status = new DeviceStatus(
                known.deviceId(),
                first.isBefore(known.firstSeen()) ? first : known.firstSeen(),
                known.lastSeen(),
                known.polls() + late.polls(),
                known.gaps(),
                known.appVersion() == null ? late.appVersion() : known.appVersion(),
                known.appVersion() == null && late.appVersion() != null ? first : known.appVersionSince(),
                known.remoteAddress(),
                known.answer(),
                known.answerSince(),
                offer,
                isNew && before != null && before.isUpdated() && !isAfter(before.updatedAt(), first)
                        ? before.sha256()
                        : known.takenBefore(),
                known.versionFlips(),
                known.addressFlips());
        return new DeviceStatus.Step(status, events.list(), mistaken, reports);
    }

    private @Nullable Offer offer(@Nullable Offer offer, @Nullable String file, @Nullable String reported) {
        if (reported == null) {
            return offer;
        }
        if (file == null) {
            return offer == null ? null : outcome(offer, reported);
        }
        if (offer != null && offer.isOf(file, reported, late.sha256())) {
            return offer.again(late);
        }
        return offer == null || offer.last().isBefore(late.last()) ? newest(offer, file, reported) : offer;
    }

    /** It was the last offer of all: what the board reports by now has come of it. */
    private Offer newest(@Nullable Offer before, String file, String reported) {
        Instant first = late.first().at();
        Offer offer = Offer.of(late, file, reported, late.sha256());
        events.add(EventKind.OFFERED, before == null ? null : before.file(), file);
        String now = known.appVersion();
        Instant since = known.appVersionSince();
        if (now == null || since == null || now.equals(reported)) {
            return offer;
        }
        boolean isSince = since.isAfter(first);
        Instant at = isSince ? since : known.lastSeen().at();
        // Otherwise it has been told, of the offer before.
        if (before == null || !since.equals(before.updatedAt())) {
            events.add(at, EventKind.UPDATED, reported, now);
            mistaken = isSince ? events.event(since, EventKind.VERSION, null, now) : null;
        }
        reports = known.report(offer, now, at);
        return offer.updated(now, at);
    }

    /** After the known offer it reported another version, which may have come of that. */
    private Offer outcome(Offer offer, String reported) {
        Instant first = late.first().at();
        if (reported.equals(offer.appVersion()) || late.first().isBefore(offer.since())) {
            return offer;
        }
        if (offer.updatedAt() != null) {
            return isAfter(offer.updatedAt(), first) ? offer.updatedEarlier(reported, first) : offer;
        }
        events.add(EventKind.UPDATED, offer.appVersion(), reported);
        reports = known.report(offer, reported, first);
        Offer updated = offer.updated(reported, first);
        if (!offer.appVersion().equals(known.appVersion())) {
            return updated;
        }
        Instant reverted = known.lastSeen().at();
        events.add(reverted, EventKind.REVERTED, reported, known.appVersion());
        return updated.reverted(reverted);
    }

    private static boolean isAfter(@Nullable Instant one, Instant other) {
        return one != null && one.isAfter(other);
    }
}
