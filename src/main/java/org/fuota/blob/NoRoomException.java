package org.fuota.blob;

import java.io.IOException;

/** The disk has no room for what is to be written; {@link BlobStore#ifFull} makes it one for the client. */
public final class NoRoomException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoRoomException(String message) {
        super(message);
    }
}
