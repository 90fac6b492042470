package org.fuota.simulate;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** What has happened to all boards until now. */
final class Counts {
    /** What is counted, in the order in which it is told. */
    enum Kind {
        POLL("polls"),
        OFFER("offers"),
        DOWNLOAD("downloads"),
        UPDATED("updated"),
        REVERTED("reverted"),
        SILENT("fell silent"),
        NOT_STARTED("couldn't start what they downloaded"),
        REFUSED("refused with 403: the user or its password is wrong, or not for this board"),
        UNANSWERED("without an answer");

        private final String says;

        Kind(String says) {
            this.says = says;
        }
    }

    private final Map<Kind, LongAdder> counts = new EnumMap<>(Kind.class);

    Counts() {
        for (Kind kind : Kind.values()) {
            counts.put(kind, new LongAdder());
        }
    }

    void count(Kind kind) {
        counts.get(kind).increment();
    }

    /** All that isn't zero, such as {@code 12 polls, 1 offers}. */
    @Override
    public String toString() {
        return counts.entrySet().stream()
                .filter(count -> count.getValue().sum() > 0)
                .map(count -> count.getValue().sum() + " " + count.getKey().says)
                .collect(Collectors.joining(", "));
    }
}
