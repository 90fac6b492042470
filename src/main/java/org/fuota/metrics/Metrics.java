package org.fuota.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.error.ErrorCode;
import org.fuota.web.FailedLogins;

/**
 * All metrics by name, with what each is measured by. To count takes some nanoseconds: counters are looked up once, here.
 * Gauges are measured at each scrape; one that can't be measured is NaN.
 */
public final class Metrics implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Metrics.class.getName());

    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmMetrics jvm = new JvmMetrics(registry);
    private final Transfers whole = new Transfers("200");
    private final Transfers partial = new Transfers("206");
    private final Counter stored = uploads("stored");
    private final Counter unchanged = uploads("unchanged");

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

    /**
     * Shows how many devices there are in each state.
     *
     * @param countByState is asked at each scrape; while it fails there is no such metric
     */
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
        Gauge.builder("fuota.poll.write.lag", () -> lag.get().toMillis() / 1000.0)
                .baseUnit("seconds")
                .description("For how long there have been polls whose facts aren't in the database")
                .register(registry);
        // Of this, which is held anyway: the registry itself would let go of it.
        FunctionCounter.builder("fuota.poll.drops", this, metrics -> drops.getAsLong())
                .description("Polls whose facts were forgotten, because the database didn't take them")
                .register(registry);
    }

    /** Shows the pool of the database's connections. */
    public void connections(IntSupplier active, IntSupplier idle, IntSupplier max) {
        connections("active", active);
        connections("idle", idle);
        Gauge.builder("fuota.database.connections.max", max::getAsInt)
                .description("How many connections to the database there may be")
                .register(registry);
    }

    /** Shows what is left on the disk of the update files. */
    public void freeBytes(Callable<Long> bytes) {
        Gauge.builder("fuota.files.free", () -> orNan(bytes))
                .baseUnit("bytes")
                .description("What is left on the disk of the update files")
                .register(registry);
    }

    /** Shows when the server's certificate ends. */
    public void certificate(Callable<Instant> end) {
        Gauge.builder(
                        "fuota.certificate.expiration.timestamp",
                        () -> orNan(() -> end.call().getEpochSecond()))
                .baseUnit("seconds")
                .description("When the server's certificate ends, in seconds since 1970")
                .register(registry);
    }

    /** Shows which version of the application this is. */
    public void version(String version) {
        Gauge.builder("fuota.info", () -> 1)
                .tag("version", version)
                .description("The version of the server")
                .register(registry);
    }

    /** Writes all of them as {@link #CONTENT_TYPE}. */
    void scrape(OutputStream out) throws IOException {
        registry.scrape(out, CONTENT_TYPE);
    }

    @Override
    public void close() {
        jvm.close();
        registry.close();
    }

    private <E extends Enum<E>> Consumer<E> counters(String name, String description, String tag, Class<E> values) {
        Map<E, Counter> counters = new EnumMap<>(values);
        for (E value : values.getEnumConstants()) {
            counters.put(
                    value,
                    Counter.builder(name)
                            .tag(tag, value.name().toLowerCase(Locale.ROOT))
                            .description(description)
                            .register(registry));
        }
        return value -> Objects.requireNonNull(counters.get(value)).increment();
    }

    private Counter uploads(String result) {
        return Counter.builder("fuota.uploads")
                .tag("result", result)
                .description("Uploads by whether they changed anything")
                .register(registry);
    }

    private void connections(String state, IntSupplier count) {
        Gauge.builder("fuota.database.connections", count::getAsInt)
                .tag("state", state)
                .description("Connections to the database")
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

    private static double orNan(Callable<Long> value) {
        try {
            return value.call();
        } catch (Exception e) {
            return Double.NaN;
        }
    }

    /** Downloads that were answered with one status, and their bytes. */
    private final class Transfers {
        private final Counter downloads;
        private final Counter bytes;

        private Transfers(String status) {
            downloads = Counter.builder("fuota.downloads")
                    .tag("status", status)
                    .description("Downloads that have begun, by status")
                    .register(registry);
            bytes = Counter.builder("fuota.download")
                    .baseUnit("bytes")
                    .tag("status", status)
                    .description("Bytes of the downloads that have begun")
                    .register(registry);
        }
    }
}
