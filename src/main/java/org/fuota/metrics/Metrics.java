package org.fuota.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.error.ErrorCode;
import org.fuota.web.FailedLogins;
import org.jspecify.annotations.Nullable;

/**
 * All metrics by name, with what each is measured by. To count takes some nanoseconds: counters are looked up once, here.
 * Gauges are measured at each scrape. The JVM's are named by Micrometer.
 */
public final class Metrics implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Metrics.class.getName());

    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Transfers whole;
    private final Transfers partial;
    private final Counter stored;
    private final Counter unchanged;

    /** @param node whose they are, as a label of all but those of the fleet; null where there is only one */
    public Metrics(@Nullable String node) {
        if (node != null) {
            registry.config().commonTags("node", node);
        }
        whole = new Transfers("200");
        partial = new Transfers("206");
        stored = uploads("stored");
        unchanged = uploads("unchanged");
        List.<MeterBinder>of(
                        collections,
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new JvmInfoMetrics(),
                        new ClassLoaderMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new UptimeMetrics())
                .forEach(binder -> binder.bindTo(registry));
    }

    /** Counts polls. */
    public <E extends Enum<E>> Consumer<E> polls(Class<E> answers) {
        return counters("fuota.polls", "Polls by what they were answered", "answer", answers);
    }

    /** Counts requests that were refused, polls included. */
    public Consumer<ErrorCode> refusals() {
        return counters("fuota.refusals", "Requests refused, by reason", "reason", ErrorCode.class);
    }

    /** Counts logins that failed. */
    public Consumer<FailedLogins.Answer> failedLogins() {
        return counters(
                "fuota.failed.logins",
                "Requests with wrong credentials, by how they were answered",
                "answer",
                FailedLogins.Answer.class);
    }

    /** Counts a download that has begun. */
    public void downloaded(boolean isPartial, long bytes) {
        Transfers transfers = isPartial ? partial : whole;
        transfers.downloads.increment();
        transfers.bytes.increment(bytes);
    }

    /** Counts an upload; one that was refused isn't one. */
    public void uploaded(boolean isNew) {
        (isNew ? stored : unchanged).increment();
    }

    /** Shows how many devices there are in each state, as asked at each scrape; while that fails there is no such metric. */
    public void devices(Supplier<Map<String, Long>> countByState) {
        registry.getPrometheusRegistry().register((MultiCollector) () -> {
            try {
                return snapshot(countByState.get());
            } catch (RuntimeException e) {
                LOG.log(Level.FINE, "the metrics are without the number of devices by state", e);
                return MetricSnapshots.of();
            }
        });
    }

    /** Shows how far what polls told is from being written, and how much of it never was. */
    public void writeBehind(Supplier<Duration> lag, LongSupplier drops) {
        gauge(
                "fuota.poll.write.lag.seconds",
                "For how long there have been polls whose facts aren't in the database",
                () -> lag.get().toMillis() / 1000.0);
        // Of this, which is held anyway: the registry itself would let go of it.
        FunctionCounter.builder("fuota.poll.drops", this, metrics -> drops.getAsLong())
                .description("Polls whose facts were forgotten, because the database didn't take them")
                .register(registry);
    }

    /** Shows the pool of the database's connections. */
    public void connections(IntSupplier active, IntSupplier idle, IntSupplier max) {
        String name = "fuota.database.connections";
        gauge(name, "Connections to the database", active::getAsInt, "state", "active");
        gauge(name, "Connections to the database", idle::getAsInt, "state", "idle");
        gauge(name + ".max", "How many connections to the database there may be", max::getAsInt);
    }

    /** Shows whether all offers are stopped. */
    public void stopped(BooleanSupplier isStopped) {
        gauge("fuota.offers.stopped", "1 while all offers are stopped", () -> isStopped.getAsBoolean() ? 1 : 0);
    }

    /** Shows what is left on the disk of the update files. */
    public void freeBytes(Callable<Long> bytes) {
        gauge("fuota.files.free.bytes", "What is left on the disk of the update files", bytes);
    }

    /** Shows when the server's certificate ends. */
    public void certificate(Callable<Instant> end) {
        gauge(
                "fuota.certificate.expiration.timestamp.seconds",
                "When the server's certificate ends, in seconds since 1970",
                () -> end.call().getEpochSecond());
    }

    /** Shows which version of the application this is. */
    public void version(String version) {
        gauge("fuota.info", "The version of the server", () -> 1, "version", version);
    }

    /** Writes all of them as {@link #CONTENT_TYPE}. */
    void scrape(OutputStream out) throws IOException {
        registry.scrape(out, CONTENT_TYPE);
    }

    @Override
    public void close() {
        // It listens to the JVM's collections, and would keep the application alive.
        collections.close();
        registry.close();
    }

    private <E extends Enum<E>> Consumer<E> counters(String name, String description, String tag, Class<E> values) {
        Map<E, Counter> counters = new EnumMap<>(values);
        for (E value : values.getEnumConstants()) {
            counters.put(value, counter(name, description, tag, value.name().toLowerCase(Locale.ROOT)));
        }
        return value -> Objects.requireNonNull(counters.get(value)).increment();
    }

    private Counter uploads(String result) {
        return counter("fuota.uploads", "Uploads by whether they changed anything", "result", result);
    }

    private Counter counter(String name, String description, String tag, String value) {
        return Counter.builder(name).tag(tag, value).description(description).register(registry);
    }

    /** NaN while it can't be measured. */
    private void gauge(String name, String description, Callable<? extends Number> value, String... tags) {
        Gauge.builder(name, () -> {
                    try {
                        return value.call();
                    } catch (Exception e) {
                        return Double.NaN;
                    }
                })
                .tags(tags)
                .description(description)
                .register(registry);
    }

    private static MetricSnapshots snapshot(Map<String, Long> byState) {
        GaugeSnapshot.Builder devices =
                GaugeSnapshot.builder().name("fuota_devices").help("Devices by state, as of some seconds ago");
        byState.forEach((state, count) -> devices.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of("state", state))
                .value(count)
                .build()));
        return MetricSnapshots.of(devices.build());
    }

    /** Downloads that were answered with one status, and their bytes. */
    private final class Transfers {
        private final Counter downloads;
        private final Counter bytes;

        private Transfers(String status) {
            downloads = counter("fuota.downloads", "Downloads that have begun, by status", "status", status);
            bytes = counter("fuota.download.bytes", "Bytes of the downloads that have begun", "status", status);
        }
    }
}
