package org.fuota.db;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A file that a process keeps locked for as long as it lives; the file says which process that is. The lock counts, not the
 * file: the operating system frees it however the process ends.
 */
final class ProcessLock implements AutoCloseable {
    /** Behind what the file says, which others may read all the while, on Windows too. */
    private static final long LOCKED_BYTE = 1 << 20;

    private final FileChannel channel;

    private ProcessLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks the file, which is made if it isn't there, and writes into it {@code process 123@host since
     * 2026-11-26T18:00:00Z}; empty when somebody has locked it already, in this JVM or another.
     */
    static Optional<ProcessLock> tryLock(Path file, Instant now) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (isLocked(channel)) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(owner(now).getBytes(StandardCharsets.UTF_8)));
                return Optional.of(new ProcessLock(channel));
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false) != null;
        } catch (OverlappingFileLockException heldByThisJvm) {
            return false;
        }
    }

    private static String owner(Instant now) {
        return "process " + ManagementFactory.getRuntimeMXBean().getName() + " since "
                + now.truncatedTo(ChronoUnit.SECONDS);
    }
}
