package org.fuota.bench.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Many slow readers at once, which need a few threads only. */
public final class SlowReaders implements AutoCloseable {
    /** Some of them may wait for a new connection. */
    private static final int THREADS = 4;

    private static final long PERIOD_MICROS = 1_000_000L * SlowReader.SLICE_BYTES / SlowReader.BYTES_PER_SECOND;

    private final List<SlowReader> readers = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(THREADS);
    private List<Long> totals = List.of();
    private long since;

    /** Returns when all have the head of their answer; the first that doesn't get one ends them all. */
    public SlowReaders(Target target, String path, long length, int count) throws IOException, InterruptedException {
        ExecutorService connecting = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int number = 0; number < count; number++) {
                SlowReader reader = new SlowReader(target, path, length);
                readers.add(reader);
                all.add(connecting.submit(() -> {
                    reader.connect();
                    // From here on: whoever connects first mustn't wait for the last.
                    clock.scheduleAtFixedRate(() -> read(reader), PERIOD_MICROS, PERIOD_MICROS, TimeUnit.MICROSECONDS);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            close();
            throw new IOException("a slow reader got no answer: " + e.getCause(), e.getCause());
        } finally {
            connecting.shutdownNow();
        }
    }

    /** Rates are counted from now on. */
    public void count() {
        totals = readers.stream().map(SlowReader::total).toList();
        since = System.nanoTime();
    }

    /** What each has got since then, as a share of its full rate. */
    public List<Double> shares() {
        double full = (System.nanoTime() - since) / 1e9 * SlowReader.BYTES_PER_SECOND;
        List<Double> shares = new ArrayList<>();
        for (int number = 0; number < readers.size(); number++) {
            shares.add((readers.get(number).total() - totals.get(number)) / full);
        }
        return shares;
    }

    /** A line for each reader that failed, and has given up since. */
    public List<String> errors() {
        synchronized (errors) {
            return List.copyOf(errors);
        }
    }

    private void read(SlowReader reader) {
        try {
            reader.read();
        } catch (IOException e) {
            synchronized (errors) {
                errors.add(String.valueOf(e));
            }
            // What a scheduled task throws ends it.
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        for (SlowReader reader : readers) {
            reader.close();
        }
    }
}
