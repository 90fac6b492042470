package org.fuota;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collections;
import java.util.EnumSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.fuota.db.Database;
import org.fuota.db.DatabaseException;
import org.fuota.device.DeviceServlet;
import org.fuota.device.DeviceUpdateStore;
import org.fuota.device.UpdateCheck;
import org.fuota.file.AssignmentAdvice;
import org.fuota.file.FileServlet;
import org.fuota.file.FileStore;
import org.fuota.http.ErrorFilter;

/** The only wiring: makes the parts of the application when it starts, and leaves nothing behind when it stops. */
public final class FuotaListener implements ServletContextListener {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Logger LOG = Logger.getLogger(FuotaListener.class.getName());

    @Override
    public void contextInitialized(ServletContextEvent event) {
        Config config = Config.read(environment());
        Database database = new Database(config.dataSource());
        DeviceUpdateStore updates = new DeviceUpdateStore(database);
        FileStore files = new FileStore(config.files(), config.limits(), CLOCK);

        ServletContext context = event.getServletContext();
        UpdateCheck updateCheck = new UpdateCheck(updates, files::exists);
        AssignmentAdvice advice = new AssignmentAdvice(files);
        context.addServlet("devices", new DeviceServlet(updates, updateCheck, advice::warnings, poll -> {}, CLOCK))
                .addMapping("/devices/*");
        context.addServlet("files", new FileServlet(files, updates::use, updates::devicesByFile, CLOCK))
                .addMapping("/files/*");
        context.addFilter("errors", new ErrorFilter())
                .addMappingForServletNames(EnumSet.of(DispatcherType.REQUEST), false, "devices", "files");

        // Trouble here isn't the end: polls are answered safely meanwhile, and all goes on when it is mended.
        prepareFiles(files, config);
        prepareDatabase(database, config);
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        // The container closes the pool; its driver stays registered, and would keep this class loader alive.
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            if (driver.getClass().getClassLoader() == FuotaListener.class.getClassLoader()) {
                deregister(driver);
            }
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
