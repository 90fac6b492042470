package org.fuota.bench.server;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The heap of another JVM of this machine. It needs some threads there, so what counts threads comes before. */
public final class ServerHeap implements AutoCloseable {
    private static final long SAMPLE_MILLIS = 20;
    private static final long COLLECT_MILLIS = 250;

    private final JMXConnector connector;
    private final MemoryMXBean memory;

    public ServerHeap(long pid) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
            String address = machine.startLocalManagementAgent();
            machine.detach();
            connector = JMXConnectorFactory.connect(new JMXServiceURL(address));
            memory = ManagementFactory.newPlatformMXBeanProxy(
                    connector.getMBeanServerConnection(), ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
        } catch (AttachNotSupportedException e) {
            throw new IOException(e);
        }
    }

    /** What is in use after a full collection, in bytes. */
    public long live() {
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    /**
     * The most that is in use while some work is done, in bytes.
     *
     * @param isLive collects all the time, and counts what is left: else it is garbage, too
     */
    public <T> Peak<T> peak(boolean isLive, Callable<T> work) throws IOException, InterruptedException {
        AtomicBoolean isDone = new AtomicBoolean();
        CompletableFuture<Long> peak = CompletableFuture.supplyAsync(() -> {
            long most = 0;
            while (!isDone.get()) {
                most = Math.max(
                        most, isLive ? live() : memory.getHeapMemoryUsage().getUsed());
                sleep(isLive ? COLLECT_MILLIS : SAMPLE_MILLIS);
            }
            return most;
        });
        try {
            T result = work.call();
            isDone.set(true);
            return new Peak<>(result, peak.join());
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        } finally {
            isDone.set(true);
        }
    }

    /** What the work returned, and the most that was in use meanwhile. */
    public record Peak<T>(T result, long bytes) {}

    @Override
    public void close() throws IOException {
        connector.close();
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
