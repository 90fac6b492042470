package org.fuota;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.fuota.blob.BlobCache;
import org.fuota.blob.BlobStore;
import org.fuota.blob.Blobs;
import org.fuota.db.Database;
import org.fuota.db.DatabaseException;

/** What must be there before the application works. Trouble isn't the end: polls are answered meanwhile. */
final class Preparation {
    private static final Logger LOG = Logger.getLogger(Preparation.class.getName());

    private Preparation() {}

    static Context environment() {
        try {
            return (Context) new InitialContext().lookup("java:comp/env");
        } catch (NamingException e) {
            throw new IllegalStateException("this container offers no JNDI environment", e);
        }
    }

    /** In the database where nodes share that, with the folder as a cache. */
    static Blobs blobs(Database database, Config config) {
        BlobStore folder = new BlobStore(config.blobs(), config.limits().minFreeBytes());
        return config.isOnPostgresql()
                ? new BlobCache(folder, database, config.cacheBytes(), System::nanoTime)
                : folder;
    }

    static void files(Blobs blobs, Config config) {
        try {
            Files.createDirectories(config.files());
            blobs.prepare();
            String where = config.isOnPostgresql()
                    ? "the database, those asked for lately also in " + config.blobs()
                    : config.blobs().toString();
            LOG.info(() -> "update files lie in " + where + ", and are taken in from " + config.files());
        } catch (IOException e) {
            String folders = config.files() + " or " + config.blobs();
            LOG.log(
                    Level.SEVERE,
                    "a folder of the update files, " + folders + ", can't be used: make it, and let the user that"
                            + " Tomcat runs as write it",
                    e);
        }
    }

    static void database(Database database, BlobStore folder, Config config) {
        Thread thread = Thread.currentThread();
        ClassLoader application = thread.getContextClassLoader();
        try {
            config.makeDatabaseFolder();
            // The driver starts a process (uname) as it loads. The JDK's thread that waits for processes inherits this
            // class loader, and would keep it for a minute after the application is gone.
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
            database.migrate();
            // Nobody else uses them, because nobody else uses the database.
            folder.clear();
            LOG.info(() -> "node " + config.node() + " is on the database " + config.databaseUrl());
        } catch (IOException | DatabaseException e) {
            // A sentence that tells what to do needs no stack trace.
            Optional<String> advice = e instanceof DatabaseException failure ? failure.advice() : Optional.empty();
            String trouble = advice.orElse("the database, " + config.databaseUrl() + ", can't be used");
            LOG.log(
                    Level.SEVERE,
                    trouble + ": until it can, polls are answered 204, no update",
                    advice.isPresent() ? null : e);
        } finally {
            thread.setContextClassLoader(application);
        }
    }
}
