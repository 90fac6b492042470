package org.fuota.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** All update files as they were at one moment, whatever becomes of them; and a file of what else was so then. */
public final class FrozenFiles implements Closeable {
    private final Map<FilePath, Path> files =
            new TreeMap<>((one, other) -> one.value().compareTo(other.value()));
    private final Path beside;

    /** @param beside doesn't exist yet */
    FrozenFiles(Path beside) {
        this.beside = beside;
    }

    void add(FilePath path, Path snapshot) {
        files.put(path, snapshot);
    }

    /** Where the bytes of each are, in order of the paths. */
    public Map<FilePath, Path> files() {
        return Collections.unmodifiableMap(files);
    }

    /** What was written beside them. */
    public Path beside() {
        return beside;
    }

    @Override
    public void close() throws IOException {
        for (Path snapshot : files.values()) {
            Files.deleteIfExists(snapshot);
        }
        Files.deleteIfExists(beside);
    }
}
