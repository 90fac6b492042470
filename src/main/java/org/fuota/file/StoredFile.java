package org.fuota.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.time.Instant;

/**
 * An update file that is open for reading. It stays the same file, whole, when a new one takes its path meanwhile.
 *
 * @param content the open file; closed with this
 * @param size in bytes
 * @param modified when it was stored
 */
public record StoredFile(FileChannel content, long size, Instant modified) implements Closeable {
    /** Reads from where the last read ended, the start at first. */
    public InputStream in() {
        return Channels.newInputStream(content);
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
