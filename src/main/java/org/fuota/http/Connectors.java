package org.fuota.http;

import java.lang.management.ManagementFactory;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** What the container's connectors are known for. */
public final class Connectors {
    /** Whether there is one by NIO2: that of Tomcat goes on sending past the end of a range, when it sends a file by itself. */
    public static final boolean OVERRUN_RANGES = isThereNio2();

    private Connectors() {}

    private static boolean isThereNio2() {
        try {
            // As Tomcat names the thread pool of a connector; it makes them before any application.
            ObjectName nio2 = new ObjectName("*:type=ThreadPool,name=\"*-nio2-*\"");
            return !ManagementFactory.getPlatformMBeanServer()
                    .queryNames(nio2, null)
                    .isEmpty();
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException(e);
        }
    }
}
