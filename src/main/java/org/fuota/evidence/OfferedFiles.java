package org.fuota.evidence;

import java.util.Optional;
import org.fuota.file.FilePath;
import org.fuota.poll.OfferedFile;

/** Of update files, what is remembered when they are offered. */
@FunctionalInterface
public interface OfferedFiles {
    /** The file at the path, as it is now; empty when there is none, or it can't be read. May take as long as reading it does. */
    Optional<OfferedFile> find(FilePath path);
}
