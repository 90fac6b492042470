package org.fuota.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/** Writes files that hold secrets: whole or not at all, and never readable to others for a moment. */
final class PrivateFile {
    private PrivateFile() {}

    /** Puts the bytes in place of the file; a new one is its owner's only, one that is there keeps owner and mode. */
    static void write(Path file, byte[] content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        // A temporary file is made with mode 0600 where there are modes.
        Path temporary = Files.createTempFile(folder, ".setup-", "");
        try {
            Files.write(temporary, content);
            PosixFileAttributeView view = Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
            if (view != null && Files.exists(file)) {
                PosixFileAttributes present = Files.readAttributes(file, PosixFileAttributes.class);
                view.setOwner(present.owner());
                view.setGroup(present.group());
                view.setPermissions(present.permissions());
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
