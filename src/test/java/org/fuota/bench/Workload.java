package org.fuota.bench;

import java.io.IOException;
import org.fuota.bench.report.Result;

/** Something that the servers are put to. */
interface Workload {
    /** As {@code bench.workloads} names it. */
    String name();

    Result run(Rig rig) throws IOException, InterruptedException;
}
