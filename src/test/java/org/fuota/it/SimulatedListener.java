package org.fuota.it;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.fuota.FuotaListener;
import org.fuota.db.Database;
import org.fuota.fleet.Fleet;
import org.fuota.fleet.FleetHistory;
import org.fuota.fleet.PollRecorder;
import org.fuota.rollout.RolloutRunner;
import org.fuota.rollout.RunningRollouts;
import org.jspecify.annotations.Nullable;

/**
 * In place of {@link FuotaListener}, in the WAR of a simulation: all goes by the clock {@code fuota/clock}, a file, and what
 * lasts is measured by the one beside it. And whoever asks for the fleet waits until all that follows is concluded.
 */
public final class SimulatedListener extends FuotaListener {
    /** What is done when somebody asks for {@code /rollouts/keep}, {@code read}, {@code run} or {@code count}, and by nobody else. */
    private final Map<String, Runnable> works = new ConcurrentHashMap<>();

    private final FileClock clock;
    private volatile @Nullable Runnable keepUp;

    /** Made by the container, as web.xml says. */
    public SimulatedListener() throws NamingException {
        this(Path.of(InitialContext.<String>doLookup("java:comp/env/fuota/clock")));
    }

    private SimulatedListener(Path clock) {
        this(new FileClock(clock), new FileClock(clock.resolveSibling(SimulatedServer.RUNNING)));
    }

    private SimulatedListener(FileClock clock, FileClock running) {
        super(clock, running::nanoTime);
        this.clock = clock;
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
        Filter rollouts = (request, response, chain) -> {
            String path = ((HttpServletRequest) request).getRequestURI();
            Runnable work = works.get(path.substring(path.lastIndexOf('/') + 1));
            if (work != null) {
                work.run();
            }
            chain.doFilter(request, response);
        };
        FilterRegistration.Dynamic steering = event.getServletContext().addFilter("rollouts", rollouts);
        steering.setAsyncSupported(true);
        steering.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/rollouts/*");
        FilterRegistration.Dynamic registration = event.getServletContext().addFilter("keep up", filter);
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/fleet/*");
    }

    @Override
    protected Supplier<Instant> time(Database database) {
        return clock::instant;
    }

    @Override
    protected void readRules(RunningRollouts running) {
        works.put("read", running::read);
        if (!running.isKnown()) {
            running.read();
        }
    }

    @Override
    protected void goOn(RolloutRunner runner) {
        works.put("run", runner::run);
    }

    @Override
    protected void count(FleetHistory history) {
        // What is counted between a poll and what follows from it would be told until the clock goes on.
        works.put("count", history::keep);
    }

    @Override
    protected synchronized void keepUp(PollRecorder polls, Fleet fleet) {
        // Files are removed by hand here.
        fleet.lookAtAll();
        super.keepUp(polls, fleet);
        keepUp = () -> keepUp(polls, fleet);
        works.put("keep", () -> super.keepUp(polls, fleet));
    }
}
