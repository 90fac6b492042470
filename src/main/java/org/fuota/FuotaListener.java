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
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
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
import org.fuota.db.Database;
import org.fuota.db.DatabaseException;
import org.fuota.device.Assignments;
import org.fuota.device.BulkAssignments;
import org.fuota.device.DeviceId;
import org.fuota.device.DeviceServlet;
import org.fuota.device.DeviceUpdateStore;
import org.fuota.evidence.OfferedFiles;
import org.fuota.file.AssignmentAdvice;
import org.fuota.file.FilePath;
import org.fuota.file.FileServlet;
import org.fuota.file.FileStore;
import org.fuota.file.StoredFile;
import org.fuota.fleet.Fleet;
import org.fuota.fleet.FleetServlet;
import org.fuota.fleet.PollRecorder;
import org.fuota.fleet.States;
import org.fuota.history.HistoryStore;
import org.fuota.poll.AssignedUpdate;
import org.fuota.poll.IsolationFilter;
import org.fuota.poll.OfferedFile;
import org.fuota.poll.PollDesk;
import org.fuota.poll.PollHandler;
import org.fuota.served.ServedTime;
import org.fuota.web.BodyFilter;
import org.fuota.web.Connectors;
import org.fuota.web.CrossSiteFilter;
import org.fuota.web.ErrorFilter;
import org.fuota.web.ErrorServlet;
import org.fuota.web.FailedLogins;
import org.fuota.web.FileBody;
import org.fuota.web.Refusal;
import org.fuota.web.StaticFiles;
import org.jspecify.annotations.Nullable;

/** The only wiring: makes the parts of the application when it starts, and leaves nothing behind when it stops. */
public class FuotaListener implements ServletContextListener {
    private static final Logger LOG = Logger.getLogger(FuotaListener.class.getName());
    private static final int MAX_STOP_SECONDS = 10;
    /** How many of the largest files are read on of a refused upload. */
    private static final long READ_ON = 4;

    /** Who guesses passwords waits, and holds a thread meanwhile; one of so many at most. */
    private static final int THREADS_PER_GUESSER = 20;

    private static final String CONSOLE = "console";
    private static final String[] SERVLETS = {"backup", "devices", "files", "fleet", "health", "metrics", CONSOLE};

    private final Clock clock;
    private final LongSupplier nanoTime;
    private @Nullable ScheduledExecutorService background;
    private @Nullable PollRecorder recorder;
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
        FileStore files = new FileStore(config.files(), config.limits(), clock);
        // In this order.
        closing.addAll(List.of(database, files));

        ServletContext context = event.getServletContext();
        // There are no sessions. And a container that looks for their cookies logs those that it can't read, as they
        // came.
        context.setSessionTrackingModes(EnumSet.noneOf(SessionTrackingMode.class));
        HistoryStore history = new HistoryStore(database);
        ServedTime served = new ServedTime(database, clock, nanoTime);
        OfferedFiles offered = path -> read(path, files::find);
        States states = new States(config.fleet(), files::exists, served);
        PollRecorder polls = new PollRecorder(database, history, offered, states, nanoTime);
        recorder = polls;
        Fleet fleet = new Fleet(database, history, states, clock, nanoTime);
        Connectors connectors = Connectors.find();
        Monitoring watcher = new Monitoring(config, connectors, clock);
        monitoring = watcher;
        PollDesk desk = new PollDesk(
                deviceId -> assigned(deviceId, updates, files),
                watcher.polls().andThen(polls),
                watcher.pollTrouble(),
                clock);
        AssignmentAdvice advice = new AssignmentAdvice(files, sha256 -> fleet.learnedVersions(sha256.hex()));
        Assignments assignments = new Assignments(updates, history, fleet, advice::on, fleet::recipients, clock);
        BulkAssignments bulk = new BulkAssignments(
                updates, history, fleet, advice::on, path -> offered.find(path).map(OfferedFile::sha256), clock);
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
                        updates::use,
                        updates::devicesByFile,
                        new FileBody(config.recordBytes(), connectors.overrunRanges()),
                        watcher::downloaded,
                        saved -> {
                            watcher.uploaded(saved);
                            fleet.fileChanged(saved.file().path());
                        },
                        history,
                        clock),
                "/files/*");
        serve(context, "fleet", new FleetServlet(fleet, history, polls, desk, clock), "/fleet/*");
        BackupServlet backup = new BackupServlet(files, database::sizeBytes, file -> {
            // What polls have told until now is part of that moment.
            polls.flush();
            database.copyTo(file);
        });
        serve(context, "backup", backup, "/backup");
        watcher.watch(context, database, files, polls, fleet);
        serve(context, CONSOLE, StaticFiles.load(context, clock), StaticFiles.MAPPINGS.toArray(String[]::new));
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
        prepareFiles(files, config);
        prepareDatabase(database, config);

        // Two: what polls tell doesn't wait for a check of the whole database.
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(2, FuotaListener::thread);
        executor.prestartAllCoreThreads();
        executor.scheduleWithFixedDelay(
                guarded(() -> {
                    served.watchClock();
                    watcher.pollTrouble().logRest();
                    failedLogins.logRest();
                    keepUp(polls, fleet);
                }),
                1,
                1,
                TimeUnit.SECONDS);
        executor.scheduleWithFixedDelay(guarded(fleet::lookAtAll), 0, 60, TimeUnit.MINUTES);
        executor.scheduleWithFixedDelay(guarded(() -> check(database)), 0, 60, TimeUnit.MINUTES);
        executor.scheduleWithFixedDelay(guarded(() -> prune(history, polls, served, config)), 1, 60, TimeUnit.MINUTES);
        background = executor;
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

    /** Writes what polls told, and concludes what follows from that, from files that came or went, and from time. */
    protected void keepUp(PollRecorder polls, Fleet fleet) {
        // In this order: a board that polled isn't silent.
        if (polls.flush()) {
            fleet.tick();
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
    private static Runnable guarded(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                LOG.log(Level.WARNING, e, () -> "work in the background failed, and will be tried again");
            }
        };
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

    private static Optional<AssignedUpdate> assigned(DeviceId deviceId, DeviceUpdateStore updates, FileStore files) {
        return updates.find(deviceId)
                .map(row -> new AssignedUpdate(
                        row,
                        () -> FilePath.ifRequestable(row.updateFilePath())
                                .filter(files::exists)
                                .map(path -> read(path, files::findKnown)
                                        .orElseGet(() -> new OfferedFile(path, null, null, null)))));
    }

    /** Looks for an update file. */
    private interface Look {
        Optional<StoredFile> at(FilePath path) throws IOException;
    }

    private static Optional<OfferedFile> read(FilePath path, Look look) {
        try {
            return look.at(path)
                    .map(file -> new OfferedFile(
                            path,
                            file.sha256().hex(),
                            file.chip().orElse(null),
                            file.project().orElse(null)));
        } catch (IOException e) {
            LOG.log(Level.WARNING, e, () -> "an offered update file can't be read: " + path.value());
            return Optional.empty();
        }
    }

    private static Context environment() {
        try {
            return (Context) new InitialContext().lookup("java:comp/env");
        } catch (NamingException e) {
            throw new IllegalStateException("this container offers no JNDI environment", e);
        }
    }

    private static void prepareFiles(FileStore files, Config config) {
        try {
            files.prepare();
            LOG.info(() -> "update files lie in " + config.files());
        } catch (IOException e) {
            LOG.log(
                    Level.SEVERE,
                    e,
                    () -> "the folder of the update files, " + config.files()
                            + ", can't be used: make it, and let the user that Tomcat runs as write it");
        }
    }

    private static void prepareDatabase(Database database, Config config) {
        Thread thread = Thread.currentThread();
        ClassLoader application = thread.getContextClassLoader();
        try {
            config.makeDatabaseFolder();
            // The driver starts a process (uname) as it loads. The JDK's thread that waits for processes inherits this
            // class loader, and would keep it for a minute after the application is gone.
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
            database.migrate();
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
