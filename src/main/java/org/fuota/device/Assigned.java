package org.fuota.device;

import java.util.List;
import java.util.Optional;
import org.fuota.history.HistoryEvent;

/**
 * What an assignment led to.
 *
 * @param event what changed; empty when the row was as it is to be
 * @param warnings what may be a mistake
 */
record Assigned(Optional<HistoryEvent> event, List<String> warnings) {}
