package org.fuota;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.SessionTrackingMode;
import java.io.IOException;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.fuota.backup.BackupServlet;
import org.fuota.console.ConsoleServlet;
import org.fuota.db.Database;
import org.fuota.db.DatabaseException;
import org.fuota.device.Assignments;
import org.fuota.device.DeviceServlet;
import org.fuota.device.DeviceUpdateStore;
import org.fuota.device.IsolationFilter;
import org.fuota.device.UpdateCheck;
import org.fuota.file.AssignmentAdvice;
import org.fuota.file.FilePath;
import org.fuota.file.FileServlet;
import org.fuota.file.FileStore;
import org.fuota.fleet.Fleet;
import org.fuota.fleet.FleetServlet;
import org.fuota.fleet.PollRecorder;
import org.fuota.history.HistoryStore;
import org.fuota.http.CrossSiteFilter;
import org.fuota.http.ErrorFilter;
import org.fuota.http.ErrorServlet;
import org.fuota.http.FailedLogins;
import org.fuota.http.Refusal;
import org.fuota.http.ResourceServlet;
import org.jspecify.annotations.Nullable;

/** The only wiring: makes the parts of the application when it starts, and leaves nothing behind when it stops. */
public class FuotaListener implements ServletContextListener {
    private static final Logger LOG = Logger.getLogger(FuotaListener.class.getName());
    private static final int MAX_STOP_SECONDS = 10;
    private static final String CONSOLE = "console";
    private static final String[] SERVLETS = {
        "backup", "devices", "files", "fleet", "health", "metrics", "resources", CONSOLE
    };
    private static final Map<String, String> RESOURCES = Map.of("/openapi.yaml", "application/yaml");

    private final Clock clock;
    private @Nullable ScheduledExecutorService background;
    private @Nullable PollRecorder recorder;
    private @Nullable Monitoring monitoring;

    /** Made by the container, as web.xml says. */
    public FuotaListener() {
        this(Clock.systemUTC());
    }

    /** @param clock the time that everything goes by */
    protected FuotaListener(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
        Config config = Config.read(environment());
        Database database = new Database(config.dataSource());
        DeviceUpdateStore updates = new DeviceUpdateStore(database);
        FileStore files = new FileStore(config.files(), config.limits(), clock);

        ServletContext context = event.getServletContext();
        // There are no sessions. And a container that looks for their cookies logs those that it can't read, as they
        // came.
        context.setSessionTrackingModes(EnumSet.noneOf(SessionTrackingMode.class));
        HistoryStore history = new HistoryStore(database);
        PollRecorder polls = new PollRecorder(
                database, history, path -> digest(files, path), config.fleet().maxDiscovered(), clock);
        recorder = polls;
        Fleet fleet = new Fleet(database, history, config.fleet(), files::exists, clock);
        Monitoring watcher = new Monitoring(config, clock);
        monitoring = watcher;
        UpdateCheck updateCheck = new UpdateCheck(updates, files::exists);
        AssignmentAdvice advice = new AssignmentAdvice(files, sha256 -> fleet.reportedVersion(sha256.hex()));
        Assignments assignments = new Assignments(updates, history, advice::on, advice::otherChip, clock);
        context.addServlet(
                        "devices",
                        new DeviceServlet(
                                updates,
                                updateCheck,
                                assignments,
                                watcher.polls().andThen(polls),
                                watcher.pollTrouble(),
                                clock))
                .addMapping("/devices/*");
        context.addServlet(
                        "files",
                        new FileServlet(
                                files,
                                updates::use,
                                updates::devicesByFile,
                                watcher::downloaded,
                                watcher::uploaded,
                                history,
                                clock))
                .addMapping("/files/*");
        context.addServlet("fleet", new FleetServlet(fleet, history, polls, updateCheck, clock))
                .addMapping("/fleet/*");
        context.addServlet("backup", new BackupServlet(files, database::sizeBytes, file -> {
                    // What polls have told until now is part of that moment.
                    polls.flush();
                    database.copyTo(file);
                }))
                .addMapping("/backup");
        watcher.watch(context, database, files, polls, fleet);
        context.addServlet("resources", ResourceServlet.load(context, RESOURCES))
                .addMapping(RESOURCES.keySet().toArray(String[]::new));
        context.addServlet(CONSOLE, ConsoleServlet.load(context, clock))
                .addMapping(ConsoleServlet.MAPPINGS.toArray(String[]::new));
        Consumer<Refusal> refusals = watcher.refusals();
        // Every other URL, in place of the container's own servlets for static files and JSP; and web.xml's error page.
        FailedLogins failedLogins = new FailedLogins(config.loginDelay(), watcher.failedLogins(), System::nanoTime);
        context.addServlet("error", new ErrorServlet(refusals, failedLogins, CONSOLE))
                .addMapping("/", "*.jsp", "*.jspx");
        context.addFilter("errors", new ErrorFilter(refusals))
                .addMappingForServletNames(EnumSet.of(DispatcherType.REQUEST), false, SERVLETS);
        context.addFilter("cross-site", new CrossSiteFilter())
                .addMappingForServletNames(EnumSet.of(DispatcherType.REQUEST), true, SERVLETS);
        if (config.isolation()) {
            context.addFilter("isolation", new IsolationFilter(updates))
                    .addMappingForServletNames(EnumSet.of(DispatcherType.REQUEST), false, "devices", "files");
        }

        // Trouble here isn't the end: polls are answered safely meanwhile, and all goes on when it is mended.
        prepareFiles(files, config);
        prepareDatabase(database, config);

        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(FuotaListener::thread);
        executor.scheduleWithFixedDelay(guarded(polls::flush), 1, 1, TimeUnit.SECONDS);
        executor.scheduleWithFixedDelay(guarded(() -> prune(history, polls, config)), 1, 60, TimeUnit.MINUTES);
        background = executor;
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        stopBackground();
        if (monitoring != null) {
            monitoring.close();
        }
        // The container closes the pool; its driver stays registered, and would keep this class loader alive.
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            if (driver.getClass().getClassLoader() == FuotaListener.class.getClassLoader()) {
                deregister(driver);
            }
        }
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

    private void prune(HistoryStore history, PollRecorder polls, Config config) {
        Instant now = clock.instant();
        // Slice by slice, so that neither polls nor users wait.
        while (history.prune(now.minus(config.historyKept()), now.minus(config.auditKept()))) {
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
        if (!recorder.flush()) {
            LOG.warning("what the last polls told is lost: the database refuses it");
        }
    }

    private static Optional<String> digest(FileStore files, String path) {
        try {
            return files.find(new FilePath(path)).map(file -> file.sha256().hex());
        } catch (IOException e) {
            LOG.log(Level.WARNING, e, () -> "an offered update file can't be read: " + path);
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
            LOG.log(
                    Level.SEVERE,
                    e,
                    () -> "the database, " + config.databaseUrl() + ", can't be used: until it can, polls are answered"
                            + " 204, no update");
        } finally {
            thread.setContextClassLoader(application);
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
