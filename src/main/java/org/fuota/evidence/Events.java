package org.fuota.evidence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.jspecify.annotations.Nullable;

/** What a sighting changes. */
final class Events {
    private final String deviceId;
    private final Sighting sighting;
    private final List<HistoryEvent> list = new ArrayList<>();

    Events(String deviceId, Sighting sighting) {
        this.deviceId = deviceId;
        this.sighting = sighting;
    }

    /** At its beginning. */
    void add(EventKind kind, @Nullable String before, @Nullable String after) {
        add(sighting.first().at(), kind, before, after);
    }

    void add(Instant at, EventKind kind, @Nullable String before, @Nullable String after) {
        list.add(event(at, kind, before, after));
    }

    HistoryEvent event(Instant at, EventKind kind, @Nullable String before, @Nullable String after) {
        return new HistoryEvent(at, deviceId, null, kind, before, after, null, sighting.remoteAddress());
    }

    List<HistoryEvent> list() {
        return list;
    }
}
