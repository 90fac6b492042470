package org.fuota.attention;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What keeps offers from boards. */
public interface Offers {
    Optional<Stop> stop();

    /** The oldest first. */
    List<Pause> paused();

    /** That all offers are stopped; the sentence says since when, by whom and why. */
    record Stop(Instant since, String sentence) {}

    /** That a rollout is paused. */
    record Pause(String rollout, String reason, Instant since) {}
}
