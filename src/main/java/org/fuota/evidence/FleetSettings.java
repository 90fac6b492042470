package org.fuota.evidence;

import java.time.Duration;

/**
 * From when on something is out of the ordinary.
 *
 * @param stuckOffers a device is stuck when it was offered its file at least so often
 * @param stuckAfter and over at least so long
 * @param silentGaps a device is silent when it hasn't polled for so many of its own usual gaps
 * @param maxDiscovered how many devices without an assignment are remembered
 */
public record FleetSettings(long stuckOffers, Duration stuckAfter, long silentGaps, long maxDiscovered) {
    /** A board that can take its update does so within minutes of the first offer. */
    public static final FleetSettings DEFAULT = new FleetSettings(3, Duration.ofMinutes(10), 5, 100_000);

    /** @throws IllegalArgumentException when one is out of range */
    public FleetSettings {
        if (stuckOffers < 1 || stuckAfter.isNegative() || silentGaps < 1 || maxDiscovered < 0) {
            throw new IllegalArgumentException("fleet settings out of range");
        }
    }
}
