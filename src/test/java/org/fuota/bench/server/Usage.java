package org.fuota.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the kernel says that some processes use.
 *
 * @param cpuSeconds since they began, with that of their children that have ended
 */
public record Usage(double cpuSeconds, long residentBytes, int threads) {
    /** Linux has had it so for ever: {@code getconf CLK_TCK}. */
    private static final double TICKS_PER_SECOND = 100;

    private static final long PAGE_BYTES = 4096;

    public static Usage of(List<Long> pids) throws IOException {
        double cpuSeconds = 0;
        long residentBytes = 0;
        int threads = 0;
        for (long pid : pids) {
            Path process = Path.of("/proc/" + pid);
            // After the name, which is in parentheses and may hold spaces: utime, stime, cutime, cstime, threads are
            // fields 14 to 17, 20
            // of proc(5).
            String stat = Files.readString(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            for (int field = 11; field <= 14; field++) {
                cpuSeconds += Long.parseLong(fields[field]) / TICKS_PER_SECOND;
            }
            threads += Integer.parseInt(fields[17]);
            residentBytes += number(Files.readString(process.resolve("status")), "VmRSS:") * 1024;
        }
        return new Usage(cpuSeconds, residentBytes, threads);
    }

    /** What the kernel's TCP holds in memory, of all processes: of a connection within the machine, both sides. */
    public static long tcpBytes() throws IOException {
        String sockets = Files.readString(Path.of("/proc/net/sockstat"));
        String tcp = sockets.substring(sockets.indexOf("TCP:"), sockets.indexOf("UDP:"));
        return number(tcp, " mem ") * PAGE_BYTES;
    }

    /** How many files this process may open. */
    public static long maxOpenFiles() throws IOException {
        String limits = Files.readString(Path.of("/proc/self/limits"));
        String line = limits.substring(limits.indexOf("Max open files"));
        // Soft, then hard: a JVM raises the one to the other.
        String hard = line.substring("Max open files".length()).strip().split("\\s+")[1];
        return hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
    }

    private static long number(String text, String name) {
        String rest = text.substring(text.indexOf(name) + name.length()).strip();
        return Long.parseLong(rest.split("\\D", 2)[0]);
    }
}
