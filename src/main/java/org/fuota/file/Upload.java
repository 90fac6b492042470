package org.fuota.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.fuota.blob.BlobStore;
import org.fuota.blob.NoRoomException;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.jspecify.annotations.Nullable;

/** A body on its way to become an update file: in a temporary file, which closing deletes if it hasn't been moved. */
final class Upload implements Closeable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Path temporary;
    private final long declaredLength;
    private final FileLimits limits;
    private final FileFacts.Collector collector;

    private Upload(Path temporary, long declaredLength, FileLimits limits) {
        this.temporary = temporary;
        this.declaredLength = declaredLength;
        this.limits = limits;
        this.collector = new FileFacts.Collector(limits);
    }

    /**
     * Reads all of a body into a temporary file, and forces it to disk.
     *
     * @param declaredLength in bytes, or -1 when the client didn't say
     * @throws FuotaException when it breaks off, is shorter than declared or larger than allowed, or fills the disk
     */
    static Upload receive(BlobStore folder, InputStream body, long declaredLength, FileLimits limits)
            throws IOException {
        requireSize(declaredLength, limits);
        try {
            folder.requireRoom(Math.max(0, declaredLength));
            Upload upload = new Upload(folder.newFile(), declaredLength, limits);
            try {
                upload.read(body);
                return upload;
            } catch (IOException | RuntimeException e) {
                upload.close();
                throw e;
            }
        } catch (IOException e) {
            throw folder.ifFull(e);
        }
    }

    Path file() {
        return temporary;
    }

    FileFacts facts() {
        return collector.finish();
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(temporary);
    }

    private void read(InputStream body) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            OutputStream out = Channels.newOutputStream(channel);
            for (int count = read(body, buffer); count >= 0; count = read(body, buffer)) {
                requireSize(collector.size() + count, limits);
                collector.write(buffer, 0, count);
                out.write(buffer, 0, count);
                requireRoom();
            }
            channel.force(true);
        }
        if (declaredLength >= 0 && collector.size() != declaredLength) {
            throw brokeOff(null);
        }
    }

    /** Apart from writing, because a failure here is the client's and one there is ours. */
    private int read(InputStream body, byte[] buffer) {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throw brokeOff(e);
        }
    }

    private void requireRoom() throws IOException {
        if (temporary.toFile().getUsableSpace() < limits.minFreeBytes()) {
            if (Files.notExists(temporary)) {
                // It has no usable space either.
                throw new NoSuchFileException(temporary.toString(), null, "somebody deleted an upload on its way");
            }
            throw new NoRoomException("less than " + limits.minFreeBytes() + " bytes are left free");
        }
    }

    private static void requireSize(long size, FileLimits limits) {
        if (size > limits.maxFileBytes()) {
            throw new FuotaException(
                    ErrorCode.TOO_LARGE, "the update file is larger than " + limits.maxFileBytes() + " bytes");
        }
    }

    private FuotaException brokeOff(@Nullable IOException cause) {
        String end = declaredLength < 0 ? "its end" : declaredLength + " declared";
        return new FuotaException(
                ErrorCode.INVALID, "the upload ended after " + collector.size() + " bytes, before " + end, cause);
    }
}
