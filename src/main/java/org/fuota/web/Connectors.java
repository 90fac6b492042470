package org.fuota.web;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What the container's connectors are known for.
 *
 * @param overrunRanges whether one is by NIO2: Tomcat's goes on sending past the end of a range, when it sends a file by itself
 * @param threads how many requests the one with the most threads serves at once; Tomcat's default where that isn't told
 */
public record Connectors(boolean overrunRanges, int threads) {
    private static final int DEFAULT_THREADS = 200;

    /** By the names of their thread pools, which Tomcat makes before any application. */
    public static Connectors find() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        boolean isThereNio2 = false;
        int threads = 0;
        try {
            for (ObjectName pool : server.queryNames(new ObjectName("*:type=ThreadPool,name=*"), null)) {
                isThereNio2 |= pool.getKeyProperty("name").contains("-nio2-");
                threads = Math.max(threads, (Integer) server.getAttribute(pool, "maxThreads"));
            }
        } catch (JMException | ClassCastException e) {
            // Another container, with pools of another kind.
            threads = 0;
        }
        return new Connectors(isThereNio2, threads > 0 ? threads : DEFAULT_THREADS);
    }
}
