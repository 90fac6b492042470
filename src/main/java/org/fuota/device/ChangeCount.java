package org.fuota.device;

/** How many of many changes there are of each kind. */
final class ChangeCount {
    private long created;
    private long changed;

    void add(Change change) {
        if (change.before() == null) {
            created++;
        } else if (!change.isNone()) {
            changed++;
        }
    }

    /** How many rows are new. */
    long created() {
        return created;
    }

    /** How many rows replace another. */
    long changed() {
        return changed;
    }
}
