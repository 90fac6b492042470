package org.fuota.attention;

import java.time.Instant;
import java.util.Map;

/** What the polls of all boards tell. */
public interface Boards {
    /** How many there are in each state, by its label. */
    Map<String, Long> byState();

    /** Since when groups are silent, by their names, in their order; an empty one stands for all boards. */
    Map<String, Instant> silentGroups();

    /** How many update for ever, by the path of the file, in their order. */
    Map<String, Long> loops();

    /** How many ids two boards seem to use. */
    long clones();
}
