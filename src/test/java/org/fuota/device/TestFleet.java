package org.fuota.device;

import java.time.Clock;
import org.fuota.db.Database;
import org.fuota.evidence.FleetSettings;
import org.fuota.fleet.Fleet;
import org.fuota.fleet.States;
import org.fuota.history.HistoryStore;
import org.fuota.served.ServedTime;

/** The fleet, as production has it, of a database; all files are there. */
final class TestFleet {
    private TestFleet() {}

    static Fleet of(Database database) {
        Clock clock = Clock.systemUTC();
        States states =
                new States(FleetSettings.DEFAULT, path -> true, new ServedTime(database, clock, System::nanoTime));
        return new Fleet(database, new HistoryStore(database), states, clock, System::nanoTime);
    }
}
