package org.fuota.it;

import java.nio.file.Path;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.fuota.FuotaListener;

/** In place of {@link FuotaListener}, in the WAR of a simulation: all goes by the
 * clock {@code fuota/clock}, a file, and what lasts is measured by the one beside it. */
public final class SimulatedListener extends FuotaListener {
    /** Made by the container, as web.xml says. */
    public SimulatedListener() throws NamingException {
        this(Path.of(InitialContext.<String>doLookup("java:comp/env/fuota/clock")));
    }

    private SimulatedListener(Path clock) {
        super(new FileClock(clock), new FileClock(clock.resolveSibling(SimulatedServer.RUNNING))::nanoTime);
    }
}
