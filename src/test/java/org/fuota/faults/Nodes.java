package org.fuota.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.fuota.db.PostgresCluster;
import org.fuota.tomcat.TomcatProcess;

/** Several Tomcats, set up and not started, on one PostgreSQL, with the same certificate and users: node-1, node-2 and so on. */
final class Nodes implements AutoCloseable {
    private final List<TomcatProcess> nodes = new ArrayList<>();
    private final PostgresCluster database = PostgresCluster.own();

    Nodes(Path folder, int count) throws IOException, InterruptedException {
        for (int number = 1; number <= count; number++) {
            String name = "node-" + number;
            TomcatProcess node = new TomcatProcess(Files.createDirectory(folder.resolve(name)))
                    .postgresql(database.url("fuota"))
                    .option("-Dfuota.node=" + name)
                    .option("-XX:TieredStopAtLevel=1");
            nodes.add(node);
            node.setUp();
            for (String shared : List.of("fuota/tls/cert.pem", "fuota/tls/key.pem", "conf/tomcat-users.xml")) {
                Files.copy(
                        get(0).folder().resolve(shared),
                        node.folder().resolve(shared),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    List<TomcatProcess> all() {
        return nodes;
    }

    /** @param index from 0 */
    TomcatProcess get(int index) {
        return nodes.get(index);
    }

    PostgresCluster database() {
        return database;
    }

    @Override
    public void close() {
        nodes.forEach(TomcatProcess::close);
        database.close();
    }
}
