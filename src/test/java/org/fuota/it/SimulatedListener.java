package org.fuota.it;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContextEvent;
import java.nio.file.Path;
import java.util.EnumSet;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.fuota.FuotaListener;
import org.fuota.fleet.Fleet;
import org.fuota.fleet.PollRecorder;
import org.jspecify.annotations.Nullable;

/**
 * In place of {@link FuotaListener}, in the WAR of a simulation: all goes by the clock {@code fuota/clock}, a file, and what
 * lasts is measured by the one beside it. And whoever asks for the fleet waits until all that follows is concluded.
 */
public final class SimulatedListener extends FuotaListener {
    private volatile @Nullable Runnable keepUp;

    /** Made by the container, as web.xml says. */
    public SimulatedListener() throws NamingException {
        this(Path.of(InitialContext.<String>doLookup("java:comp/env/fuota/clock")));
    }

    private SimulatedListener(Path clock) {
        super(new FileClock(clock), new FileClock(clock.resolveSibling(SimulatedServer.RUNNING))::nanoTime);
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
        super.contextInitialized(event);
        Filter filter = (request, response, chain) -> {
            Runnable work;
            while ((work = keepUp) == null) {
                Thread.onSpinWait();
            }
            work.run();
            chain.doFilter(request, response);
        };
        FilterRegistration.Dynamic registration = event.getServletContext().addFilter("keep up", filter);
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/fleet/*");
    }

    @Override
    protected synchronized void keepUp(PollRecorder polls, Fleet fleet) {
        // Files are removed by hand here.
        fleet.lookAtAll();
        super.keepUp(polls, fleet);
        keepUp = () -> keepUp(polls, fleet);
    }
}
