package org.fuota;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.SessionTrackingMode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.fuota.backup.BackupServlet;
import org.fuota.blob.BlobStore;
import org.fuota.console.ConsoleServlet;
import org.fuota.db.Database;
import org.fuota.db.DatabaseException;
import org.fuota.device.Assignments;
import org.fuota.device.BulkAssignments;
import org.fuota.device.DeviceServlet;
import org.fuota.device.DeviceUpdateStore;
import org.fuota.file.AssignmentAdvice;
import org.fuota.file.FileServlet;
import org.fuota.file.FileStore;
import org.fuota.file.ImageFacts;
import org.fuota.file.Inbox;
import org.fuota.file.StoredFile;
import org.fuota.file.UpdateFiles;
import org.fuota.file.Upkeep;
import org.fuota.fleet.Fleet;
import org.fuota.fleet.FleetServlet;
import org.fuota.fleet.OfferedFiles;
import org.fuota.fleet.PollRecorder;
import org.fuota.fleet.ServedTime;
import org.fuota.history.HistoryStore;
import org.fuota.poll.AssignedUpdateStore;
import org.fuota.poll.IsolationFilter;
import org.fuota.poll.OfferedFile;
import org.fuota.poll.PollDesk;
import org.fuota.poll.PollHandler;
import org.fuota.web.BodyFilter;
import org.fuota.web.Connectors;
import org.fuota.web.CrossSiteFilter;
import org.fuota.web.ErrorFilter;
import org.fuota.web.ErrorServlet;
import org.fuota.web.FailedLogins;
import org.fuota.web.FileBody;
import org.fuota.web.Refusal;
import org.fuota.web.ResourceServlet;
import org.jspecify.annotations.Nullable;

/** The only wiring: makes the parts of the application when it starts, and leaves nothing behind when it stops. */
public class FuotaListener implements ServletContextListener {
    private static final Logger LOG = Logger.getLogger(FuotaListener.class.getName());
    private static final int MAX_STOP_SECONDS = 10;
    private static final Duration MAX_WAIT = Duration.ofSeconds(10);
    /** How many of the largest files are read on of a refused upload. */
    private static final long READ_ON = 4;

    /** Who guesses passwords waits, and holds a thread meanwhile; one of so many at most. */
    private static final int THREADS_PER_GUESSER = 20;

    private static final String CONSOLE = "console";
    private static final String[] SERVLETS = {
        "backup", "devices", "files", "fleet", "health", "metrics", "resources", CONSOLE
    };
    private static final Map<String, String> RESOURCES = Map.of("/openapi.yaml", "application/yaml");

    private final Clock clock;
    private final LongSupplier nanoTime;
    private @Nullable ScheduledExecutorService background;
    private @Nullable PollRecorder recorder;
    private @Nullable Inbox inbox;
    private boolean isChecked;
    private @Nullable Monitoring monitoring;
    private final List<Closeable> closing = new ArrayList<>();

    /** Made by the container, as web.xml says. */
    public FuotaListener() {
        this(Clock.systemUTC(), System::nanoTime);
    }

    /**
     * @param clock the time that people are told
     * @param nanoTime a running time in nanoseconds, which nobody sets; what lasts is measured by it
     */
    protected FuotaListener(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
        Config config = Config.read(environment());
        Database database = new Database(config.dataSource(), config.databaseFile(clock), System::nanoTime);
        DeviceUpdateStore updates = new DeviceUpdateStore(database);
        BlobStore blobs = new BlobStore(config.blobs(), config.limits().minFreeBytes());
        closing.add(database);

        ServletContext context = event.getServletContext();
        // There are no sessions. And a container that looks for their cookies logs those that it can't read, as they
        // came.
        context.setSessionTrackingModes(EnumSet.noneOf(SessionTrackingMode.class));
        HistoryStore history = new HistoryStore(database);
        UpdateFiles files = new UpdateFiles(
                database, blobs, config.files(), history, config.limits(), updates::use, path -> {}, clock);
        inbox = files.inbox();
        ServedTime served = new ServedTime(database, clock, nanoTime);
        OfferedFiles offered = path -> files.find(path).map(FuotaListener::offered);
        PollRecorder polls =
                new PollRecorder(database, history, offered, config.fleet().maxDiscovered(), served, nanoTime);
        recorder = polls;
        Fleet fleet = new Fleet(database, history, config.fleet(), files::exists, served, clock);
        Connectors connectors = Connectors.find();
        Monitoring watcher = new Monitoring(config, connectors, clock);
        monitoring = watcher;
        PollDesk desk = new PollDesk(
                new AssignedUpdateStore(database, files::isThere),
                watcher.polls().andThen(polls),
                watcher.pollTrouble(),
                clock);
        AssignmentAdvice advice = new AssignmentAdvice(files, sha256 -> fleet.learnedVersions(sha256.hex()));
        Assignments assignments =
                new Assignments(updates, history, fleet::reports, advice::on, fleet::recipients, clock);
        BulkAssignments bulk = new BulkAssignments(
                updates,
                history,
                fleet::reports,
                advice::on,
                path -> offered.find(path).map(OfferedFile::sha256),
                clock);
        serve(
                context,
                "devices",
                new DeviceServlet(updates, new PollHandler(desk), assignments, bulk, clock),
                "/devices/*");
        serve(
                context,
                "files",
                new FileServlet(
                        files,
                        advice,
                        assignments::checkUpload,
                        updates::devicesByFile,
                        new FileBody(config.recordBytes(), connectors.overrunRanges()),
                        watcher::downloaded,
                        watcher::uploaded,
                        history,
                        clock),
                "/files/*");
        serve(context, "fleet", new FleetServlet(fleet, history, polls, desk), "/fleet/*");
        BackupServlet backup = new BackupServlet(blobs, database::sizeBytes, file -> {
            files.inbox().requireTakenIn();
            // What polls have told until now is part of that moment.
            polls.flush();
            database.copyTo(file);
            return Database.readCopy(file, FileStore::all);
        });
        serve(context, "backup", backup, "/backup");
        watcher.watch(context, database, blobs, files, polls, fleet);
        String[] resources = RESOURCES.keySet().toArray(String[]::new);
        serve(context, "resources", ResourceServlet.load(context, RESOURCES), resources);
        String[] console = ConsoleServlet.MAPPINGS.toArray(String[]::new);
        serve(context, CONSOLE, ConsoleServlet.load(context, clock), console);
        Consumer<Refusal> refusals = watcher.refusals();
        // Every other URL, in place of the container's own servlets for static files and JSP; and web.xml's error page.
        FailedLogins failedLogins = new FailedLogins(
                config.loginDelay(),
                watcher.failedLogins(),
                Math.max(1, connectors.threads() / THREADS_PER_GUESSER),
                System::nanoTime);
        serve(context, "error", new ErrorServlet(refusals, failedLogins, CONSOLE), "/", "*.jsp", "*.jspx");
        // In this order.
        filter(context, "errors", new ErrorFilter(refusals), SERVLETS);
        filter(context, "cross-site", new CrossSiteFilter(), SERVLETS);
        filter(
                context,
                "bodies",
                new BodyFilter(config.uploads(), READ_ON * config.limits().maxFileBytes()),
                SERVLETS);
        if (config.isolation()) {
            filter(context, "isolation", new IsolationFilter(updates), "devices", "files");
        }

        // Trouble here isn't the end: polls are answered safely meanwhile, and all goes on when it is mended.
        prepareFiles(blobs, config);
        prepareDatabase(database, blobs, config);

        // Three: what polls tell doesn't wait for a check of the whole database, nor for files that are taken in.
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(3, FuotaListener::thread);
        executor.prestartAllCoreThreads();
        executor.scheduleWithFixedDelay(
                guarded(() -> {
                    served.watchClock();
                    watcher.pollTrouble().logRest();
                    failedLogins.logRest();
                    polls.flush();
                }),
                1,
                1,
                TimeUnit.SECONDS);
        executor.scheduleWithFixedDelay(guarded(() -> check(database)), 0, 60, TimeUnit.MINUTES);
        executor.scheduleWithFixedDelay(guarded(() -> prune(history, polls, served, config)), 1, 60, TimeUnit.MINUTES);
        Upkeep upkeep = new Upkeep(files, blobs);
        executor.scheduleWithFixedDelay(guarded(files.inbox()::scan), 0, 3, TimeUnit.SECONDS);
        executor.scheduleWithFixedDelay(guarded(upkeep::scrub), 1, 1, TimeUnit.MINUTES);
        executor.scheduleWithFixedDelay(
                guarded(() -> upkeep.sweep(served.before(Duration.ofDays(1)))), 1, 60, TimeUnit.MINUTES);
        background = executor;
        await(files.inbox());
    }

    /** Few files are taken in before the first poll comes. */
    private static void await(Inbox inbox) {
        try {
            inbox.await(MAX_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        stopBackground();
        if (monitoring != null) {
            monitoring.close();
        }
        closing.forEach(FuotaListener::close);
        // The container closes the pool; its driver stays registered, and would keep this class loader alive.
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            if (driver.getClass().getClassLoader() == FuotaListener.class.getClassLoader()) {
                deregister(driver);
            }
        }
    }

    /** All of them can go on without a thread: see {@code UnreadBody} and {@code NonBlockingBody}. */
    static void serve(ServletContext context, String name, Servlet servlet, String... mappings) {
        ServletRegistration.Dynamic registration = context.addServlet(name, servlet);
        registration.setAsyncSupported(true);
        registration.addMapping(mappings);
    }

    private static void filter(ServletContext context, String name, Filter filter, String... servlets) {
        FilterRegistration.Dynamic registration = context.addFilter(name, filter);
        registration.setAsyncSupported(true);
        registration.addMappingForServletNames(EnumSet.of(DispatcherType.REQUEST), true, servlets);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "fuota");
        thread.setDaemon(true);
        return thread;
    }

    /** Work that throws would never be done again. */
    private static Runnable guarded(Work work) {
        return () -> {
            try {
                work.run();
            } catch (IOException | RuntimeException | Error e) {
                LOG.log(Level.WARNING, e, () -> "work in the background failed, and will be tried again");
            }
        };
    }

    private interface Work {
        void run() throws IOException;
    }

    /** Once, and as long as something is wrong: reading all of a database takes a while. */
    private void check(Database database) {
        if (!isChecked || database.trouble().isPresent()) {
            try {
                database.check();
                isChecked = true;
            } catch (DatabaseException e) {
                LOG.log(Level.FINE, "the database can't be checked; its health tells why", e);
            }
        }
    }

    private static void prune(HistoryStore history, PollRecorder polls, ServedTime served, Config config) {
        Instant observedBefore = served.before(config.historyKept());
        Instant auditBefore = served.before(config.auditKept());
        // Slice by slice, so that neither polls nor users wait.
        while (history.prune(observedBefore, auditBefore)) {
            polls.flush();
        }
    }

    private void stopBackground() {
        if (background == null || recorder == null) {
            return;
        }
        if (inbox != null) {
            inbox.close();
        }
        background.shutdown();
        try {
            if (!background.awaitTermination(MAX_STOP_SECONDS, TimeUnit.SECONDS)) {
                background.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!recorder.flushLast()) {
            LOG.warning("what the last polls told is lost: the database refuses it");
        }
    }

    private static OfferedFile offered(StoredFile file) {
        return new OfferedFile(
                file.path(),
                file.sha256().hex(),
                file.image().chip(),
                ImageFacts.ownProject(file.image().project()));
    }

    private static Context environment() {
        try {
            return (Context) new InitialContext().lookup("java:comp/env");
        } catch (NamingException e) {
            throw new IllegalStateException("this container offers no JNDI environment", e);
        }
    }

    private static void prepareFiles(BlobStore blobs, Config config) {
        try {
            Files.createDirectories(config.files());
            blobs.prepare();
            LOG.info(() -> "update files lie in " + config.blobs() + ", and are taken in from " + config.files());
        } catch (IOException e) {
            LOG.log(
                    Level.SEVERE,
                    e,
                    () -> "a folder of the update files, " + config.files() + " or " + config.blobs()
                            + ", can't be used: make it, and let the user that Tomcat runs as write it");
        }
    }

    private static void prepareDatabase(Database database, BlobStore blobs, Config config) {
        Thread thread = Thread.currentThread();
        ClassLoader application = thread.getContextClassLoader();
        try {
            config.makeDatabaseFolder();
            // The driver starts a process (uname) as it loads. The JDK's thread that waits for processes inherits this
            // class loader, and would keep it for a minute after the application is gone.
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
            database.migrate();
            // Nobody else uses them, because nobody else uses the database.
            blobs.clear();
            LOG.info(() -> "database is " + config.databaseUrl());
        } catch (IOException | DatabaseException e) {
            // A sentence that tells what to do needs no stack trace.
            Optional<String> advice = e instanceof DatabaseException failure ? failure.advice() : Optional.empty();
            LOG.log(
                    Level.SEVERE,
                    advice.isPresent() ? null : e,
                    () -> advice.orElse("the database, " + config.databaseUrl() + ", can't be used")
                            + ": until it can, polls are answered 204, no update");
        } finally {
            thread.setContextClassLoader(application);
        }
    }

    private static void close(Closeable part) {
        try {
            part.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a lock stays until this process ends", e);
        }
    }

    private static void deregister(Driver driver) {
        try {
            DriverManager.deregisterDriver(driver);
        } catch (SQLException e) {
            LOG.log(Level.WARNING, "a database driver stays registered", e);
        }
    }
}
