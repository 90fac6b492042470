package org.fuota.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** A clock that a test moves in another process: it shows the time at which a file was last modified. */
final class FileClock extends Clock {
    private final Path file;

    /** @param file which is there */
    FileClock(Path file) {
        this.file = file;
    }

    void set(Instant now) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(now));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As of {@link System#nanoTime}. */
    long nanoTime() {
        return ChronoUnit.NANOS.between(Instant.EPOCH, instant());
    }

    @Override
    public Instant instant() {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
