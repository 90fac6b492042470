package org.fuota.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What clients have asked to be written, when each began, and when each was told that it is done. From that follows what
 * may be there after a crash.
 *
 * <p>Clients write at the same time, so of two writes of one key the earlier one is known only where it was acknowledged
 * before the other began. Times are numbers of an own counter: an event that is later has a larger one.
 */
final class Ledger {
    /** The value of a key that isn't there. */
    static final String ABSENT = "absent";

    private static final long NEVER = Long.MAX_VALUE;

    private final List<Write> writes = new ArrayList<>();
    private Map<String, String> before = Map.of();
    private long time;

    /** Keys with their new values, all to be written, or none. */
    private record Write(Map<String, String> values, long begun, long acknowledged) {
        boolean isAcknowledged() {
            return acknowledged != NEVER;
        }
    }

    /** A write that was begun. */
    final class Begun {
        private final int index;

        private Begun(int index) {
            this.index = index;
        }

        /** The server says that it is done. */
        void acknowledge() {
            synchronized (Ledger.this) {
                Write write = writes.get(index);
                writes.set(index, new Write(write.values(), write.begun(), ++time));
            }
        }

        /** The server says that it isn't done, and won't be. */
        void refuse() {
            synchronized (Ledger.this) {
                writes.set(index, new Write(Map.of(), ++time, time));
            }
        }
    }

    /**
     * To be called before the request is sent.
     *
     * @param values of each key; where there are several keys, no other write has these values
     */
    synchronized Begun begin(Map<String, String> values) {
        writes.add(new Write(Map.copyOf(values), ++time, NEVER));
        return new Begun(writes.size() - 1);
    }

    /** How many writes were neither acknowledged nor refused. */
    synchronized long unacknowledged() {
        return writes.stream().filter(write -> !write.isAcknowledged()).count();
    }

    /** How many of those are there nevertheless, all or in part. */
    synchronized long unacknowledgedThere(Map<String, String> found) {
        return writes.stream()
                .filter(write -> !write.isAcknowledged() && shows(write, found))
                .count();
    }

    /** What can't be, of what was found after a crash; empty when all is as it may be. */
    synchronized List<String> lies(Map<String, String> found) {
        List<Write> all = new ArrayList<>(writes);
        Set<String> keys = new HashSet<>(found.keySet());
        keys.addAll(before.keySet());
        writes.forEach(write -> keys.addAll(write.values().keySet()));
        Map<String, String> first = new HashMap<>();
        keys.forEach(key -> first.put(key, before.getOrDefault(key, ABSENT)));
        all.add(0, new Write(first, 0, 0));

        Map<String, List<Write>> byKey = new HashMap<>();
        all.forEach(write -> write.values()
                .keySet()
                .forEach(key ->
                        byKey.computeIfAbsent(key, one -> new ArrayList<>()).add(write)));
        List<String> lies = new ArrayList<>();
        byKey.forEach((key, writesOfKey) -> {
            String value = value(found, key);
            if (writesOfKey.stream().noneMatch(write -> isOf(write, key, value) && mayBeLast(write, writesOfKey))) {
                lies.add(key + " is " + value + ", but could only be "
                        + writesOfKey.stream()
                                .filter(write -> mayBeLast(write, writesOfKey))
                                .map(write -> write.values().get(key))
                                .toList());
            }
        });
        for (Write write : writes) {
            if (write.values().size() > 1 && shows(write, found)) {
                write.values().keySet().stream()
                        .filter(key -> !isThereOrReplaced(write, key, byKey.getOrDefault(key, List.of()), found))
                        .forEach(key -> lies.add(key + " is " + value(found, key) + ", but what was written with it, "
                                + write.values() + ", is there"));
            }
        }
        return lies;
    }

    /** Begins anew, with what was found. */
    synchronized void goOn(Map<String, String> found) {
        before = Map.copyOf(found);
        writes.clear();
        time = 0;
    }

    private static boolean mayBeLast(Write write, List<Write> writesOfKey) {
        return writesOfKey.stream().noneMatch(other -> other.isAcknowledged() && other.begun() > write.acknowledged());
    }

    private static boolean isThereOrReplaced(
            Write write, String key, List<Write> writesOfKey, Map<String, String> found) {
        String value = value(found, key);
        return writesOfKey.stream()
                .anyMatch(other ->
                        isOf(other, key, value) && (other.equals(write) || other.acknowledged() > write.begun()));
    }

    private static boolean shows(Write write, Map<String, String> found) {
        return write.values().entrySet().stream()
                .anyMatch(entry -> value(found, entry.getKey()).equals(entry.getValue()));
    }

    private static boolean isOf(Write write, String key, String value) {
        return value.equals(write.values().get(key));
    }

    private static String value(Map<String, String> found, String key) {
        return found.getOrDefault(key, ABSENT);
    }
}
