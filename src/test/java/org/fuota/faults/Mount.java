package org.fuota.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A file system that a test mounts; a test that may not, because it isn't root, is skipped with a message. */
final class Mount implements AutoCloseable {
    private final Path folder;

    private Mount(Path folder) {
        this.folder = folder;
    }

    /** A small disk of its own. */
    static Mount disk(Path folder, String size) throws IOException {
        mount("-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
        return new Mount(folder);
    }

    /** Makes a folder read-only, for root too. */
    static Mount readOnly(Path folder) throws IOException {
        mount("--bind", folder.toString(), folder.toString());
        Mount mount = new Mount(folder);
        mount("-o", "remount,bind,ro", folder.toString());
        return mount;
    }

    @Override
    public void close() throws IOException {
        // Lazily: a process may have files open.
        run("umount", "-l", folder.toString());
    }

    private static void mount(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = "mount";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        String failure = run(command);
        Assumptions.assumeTrue(failure.isEmpty(), "this needs to mount, which is refused here: " + failure);
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return process.waitFor() == 0 ? "" : output + " (" + process.exitValue() + ")";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
