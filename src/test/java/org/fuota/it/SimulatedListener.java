package org.fuota.it;

import java.nio.file.Path;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.fuota.FuotaListener;

/** In place of {@link FuotaListener}, in the WAR of a simulation: all goes by the clock {@code fuota/clock}, a file. */
public final class SimulatedListener extends FuotaListener {
    /** Made by the container, as web.xml says. */
    public SimulatedListener() throws NamingException {
        super(new FileClock(Path.of(InitialContext.<String>doLookup("java:comp/env/fuota/clock"))));
    }
}
