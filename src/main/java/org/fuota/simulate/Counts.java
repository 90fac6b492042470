package org.fuota.simulate;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
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

    private final AtomicLongArray counts = new AtomicLongArray(Kind.values().length);

    void count(Kind kind) {
        counts.incrementAndGet(kind.ordinal());
    }

    /** All that isn't zero, such as {@code 12 polls, 1 offers}. */
    @Override
    public String toString() {
        return Arrays.stream(Kind.values())
                .filter(kind -> counts.get(kind.ordinal()) > 0)
                .map(kind -> counts.get(kind.ordinal()) + " " + kind.says)
                .collect(Collectors.joining(", "));
    }
}
