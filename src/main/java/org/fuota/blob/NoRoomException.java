package org.fuota.blob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.jspecify.annotations.Nullable;

/** The disk has no room for what is to be written. */
public final class NoRoomException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Less than the smallest write of ours. */
    private static final int FULL_BYTES = 64 * 1024;

    NoRoomException(String message) {
        super(message);
    }

    /** For the client, when writing into the folder failed because of a full disk; otherwise throws what it failed of. */
    static FuotaException ifFull(Path folder, IOException failure) throws IOException {
        // Java has no exception of its own for a full disk, but one for a file that is gone.
        if (failure instanceof NoRoomException
                || (!(failure instanceof NoSuchFileException)
                        && Files.getFileStore(folder).getUsableSpace() < FULL_BYTES)) {
            return full(failure);
        }
        throw failure;
    }

    public static FuotaException full(@Nullable IOException cause) {
        return new FuotaException(ErrorCode.STORAGE_FULL, "the server's disk is full", cause);
    }
}
