package org.fuota;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.fuota.metrics.Metrics;
import org.fuota.poll.IsolationFilter;
import org.fuota.web.BodyFilter;
import org.fuota.web.Connectors;
import org.fuota.web.CrossSiteFilter;
import org.fuota.web.ErrorFilter;
import org.fuota.web.ErrorServlet;
import org.fuota.web.FailedLogins;
import org.fuota.web.LogoutServlet;
import org.fuota.web.StaticFiles;

/** Registers servlets and filters. All of them can go on without a thread: see {@code UnreadBody} and {@code NonBlockingBody}. */
final class Registry {
    // How many of the largest files are read on of a refused upload.
    private static final long READ_ON = 4;
    // Who guesses passwords waits, and holds a thread meanwhile; one of so many at most.
    private static final int THREADS_PER_GUESSER = 20;
    private static final String CONSOLE = "console";

    private final ServletContext context;
    private final List<String> servlets = new ArrayList<>();

    Registry(ServletContext context) {
        this.context = context;
    }

    void serve(String name, Servlet servlet, String... mappings) {
        ServletRegistration.Dynamic registration = context.addServlet(name, servlet);
        registration.setAsyncSupported(true);
        registration.addMapping(mappings);
        servlets.add(name);
    }

    /** What is around all servlets, to be called last: filters, the WAR's own files, and whoever answers all else. */
    FailedLogins frame(Config config, Metrics metrics, Connectors connectors, IsolationFilter isolation, Clock clock) {
        FailedLogins failedLogins = new FailedLogins(
                config.loginDelay(),
                metrics.failedLogins(),
                Math.max(1, connectors.threads() / THREADS_PER_GUESSER),
                System::nanoTime);
        serve(CONSOLE, StaticFiles.load(context, clock), StaticFiles.MAPPINGS.toArray(String[]::new));
        serve("logout", new LogoutServlet(), "/console/logout");
        String[] all = servlets.toArray(String[]::new);
        // In this order.
        filter("errors", new ErrorFilter(metrics.refusals()), all);
        filter("cross-site", new CrossSiteFilter(), all);
        filter(
                "bodies",
                new BodyFilter(config.uploads(), READ_ON * config.limits().maxFileBytes()),
                all);
        if (config.isolation()) {
            filter("isolation", isolation, "devices", "files");
        }
        // Every other URL, in place of the container's own servlets for static files and JSP; and web.xml's error page.
        serve("error", new ErrorServlet(metrics.refusals(), failedLogins, CONSOLE), "/", "*.jsp", "*.jspx");
        return failedLogins;
    }

    private void filter(String name, Filter filter, String... before) {
        FilterRegistration.Dynamic registration = context.addFilter(name, filter);
        registration.setAsyncSupported(true);
        registration.addMappingForServletNames(EnumSet.of(DispatcherType.REQUEST), true, before);
    }
}
