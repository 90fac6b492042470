package org.fuota.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Writes files that hold secrets: whole or not at all, and never readable to others for a moment. */
final class PrivateFile {
    private PrivateFile() {}

    /** Puts the bytes in place of the file; a new one is its owner's only, another keeps owner and mode, but is nobody else's to read. */
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
                view.setPermissions(permissions(present));
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Whether everybody on this machine can read the file. */
    static boolean isForEverybody(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view != null
                && Files.exists(file)
                && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ);
    }

    /** Debian's tomcat-users.xml is for a group, and that of Tomcat's zip for everybody, which nobody has meant. */
    private static Set<PosixFilePermission> permissions(PosixFileAttributes present) {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(present.permissions());
        permissions.removeAll(Set.of(
                PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE));
        return permissions;
    }
}
