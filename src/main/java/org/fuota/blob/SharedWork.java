package org.fuota.blob;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.fuota.http.Sha256;

/** Does for each bytes one work at a time: who asks for it meanwhile waits, and shares what comes of it, a failure too. */
final class SharedWork {
    private final Map<Sha256, FutureTask<Path>> running = new ConcurrentHashMap<>();
    private final Work work;

    interface Work {
        Path on(Sha256 sha256) throws IOException, InterruptedException;
    }

    SharedWork(Work work) {
        this.work = work;
    }

    Path on(Sha256 sha256) throws IOException {
        FutureTask<Path> mine = new FutureTask<>(() -> work.on(sha256));
        FutureTask<Path> others = running.putIfAbsent(sha256, mine);
        if (others != null) {
            return result(others);
        }
        try {
            mine.run();
        } finally {
            running.remove(sha256);
        }
        return result(mine);
    }

    private static Path result(FutureTask<Path> task) throws IOException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        }
    }
}
