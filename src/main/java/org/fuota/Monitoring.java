package org.fuota;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.jar.Attributes.Name;
import java.util.jar.Manifest;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.blob.Blobs;
import org.fuota.db.Database;
import org.fuota.file.UpdateFiles;
import org.fuota.fleet.Fleet;
import org.fuota.fleet.PollRecorder;
import org.fuota.health.HealthServlet;
import org.fuota.health.Readiness;
import org.fuota.health.Readiness.Check;
import org.fuota.health.ServerCertificate;
import org.fuota.metrics.Metrics;
import org.fuota.metrics.MetricsServlet;
import org.fuota.poll.Poll;
import org.fuota.poll.PollAnswer;
import org.fuota.poll.PollTrouble;
import org.fuota.rollout.RunningRollouts;
import org.fuota.rollout.Stop;
import org.fuota.web.Connectors;
import org.fuota.web.Requests;
import org.fuota.web.SessionServlet;
import org.jspecify.annotations.Nullable;

/** The part of the wiring that watches the rest: metrics and health. */
final class Monitoring {
    private static final Logger LOG = Logger.getLogger(Monitoring.class.getName());
    private static final Duration MAX_LAG = Duration.ofSeconds(10);
    private static final Duration RECENTLY = Duration.ofSeconds(30);

    private final Metrics metrics;
    private final PollTrouble pollTrouble = new PollTrouble(System::nanoTime);
    private final ServerCertificate certificate;
    private final Connectors connectors;
    private final Config config;
    private final Clock clock;

    Monitoring(Config config, Connectors connectors, Clock clock) {
        this.connectors = connectors;
        this.config = config;
        this.clock = clock;
        metrics = new Metrics(config.isOnPostgresql() ? config.node() : null);
        certificate = new ServerCertificate(config.certificate(), clock);
        metrics.certificate(certificate::end);
        if (config.dataSource() instanceof BasicDataSource pool) {
            metrics.connections(pool::getNumActive, pool::getNumIdle, pool::getMaxTotal);
        }
    }

    PollTrouble pollTrouble() {
        return pollTrouble;
    }

    ServerCertificate certificate() {
        return certificate;
    }

    Metrics metrics() {
        return metrics;
    }

    Consumer<Poll> polls() {
        Consumer<PollAnswer> answers = metrics.polls(PollAnswer.class);
        return poll -> answers.accept(poll.answer());
    }

    /** Measures and checks them from now on, and serves {@code /metrics}, {@code /session} and {@code /health/*}; tells whether all is well. */
    Readiness watch(
            ServletContext context,
            Registry registry,
            Database database,
            Blobs blobs,
            UpdateFiles files,
            PollRecorder recorder,
            Fleet fleet,
            RunningRollouts running) {
        if (config.isOnPostgresql()) {
            context.setAttribute(Requests.NODE, config.node());
        }
        @Nullable String version = version(context);
        metrics.version(version == null ? "unknown" : version);
        metrics.freeBytes(() -> blobs.folder().freeBytes());
        metrics.writeBehind(recorder::lag, recorder::drops);
        metrics.devices(fleet::countByState);
        metrics.stopped(() -> running.stop().isPresent());
        Readiness readiness = new Readiness(checks(database, blobs, pollTrouble, recorder), System::nanoTime);
        Supplier<Optional<String>> stop = () -> running.stop().map(Stop::sentence);
        registry.serve(
                "health", new HealthServlet(readiness, certificate, config.node(), stop, files::lost), "/health/*");
        registry.serve("session", new SessionServlet(version, config.node(), certificate::pem, clock), "/session");
        registry.serve("metrics", new MetricsServlet(metrics), "/metrics");
        certificate.log();
        logCryptography();
        warnOfConnectors();
        return readiness;
    }

    /** What the server isn't ready without. */
    static List<Check> checks(Database database, Blobs blobs, PollTrouble pollTrouble, PollRecorder recorder) {
        return List.of(
                new Check(
                        () -> database.trouble().orElse("the database doesn't answer, or takes no writes"),
                        () -> takesWrites(database)),
                new Check(
                        "the folder of the update files can't be read and written",
                        () -> blobs.folder().isUsable()),
                new Check("polls of the last 30 s couldn't be decided", () -> !pollTrouble.isWithin(RECENTLY)),
                new Check(
                        "what polls told hasn't been written for 10 s",
                        () -> recorder.lag().compareTo(MAX_LAG) < 0));
    }

    /** Whoever signs does the rest of a handshake, too, and that is most of what a poll costs. */
    private static void logCryptography() {
        try {
            Provider provider = Signature.getInstance("SHA256withECDSA").getProvider();
            LOG.info(() -> "TLS handshakes are computed by " + provider.getName() + " " + provider.getVersionStr()
                    + (provider.getName().startsWith("Sun")
                            ? ", the JDK's own; Amazon Corretto Crypto Provider would halve their cost"
                            : ""));
        } catch (NoSuchAlgorithmException e) {
            LOG.log(Level.WARNING, "this JVM can't sign by ECDSA, which most boards need", e);
        }
    }

    private void warnOfConnectors() {
        if (connectors.overrunRanges()) {
            LOG.warning(
                    "a connector of this Tomcat is an Http11Nio2Protocol, which sends more than the part of a file that was"
                            + " asked for: so parts are sent in another way, that holds a thread for each slow board; set the"
                            + " connector's protocol to org.apache.coyote.http11.Http11NioProtocol");
        }
    }

    private static boolean takesWrites(Database database) {
        database.requireWritable();
        return database.trouble().isEmpty();
    }

    /** As the WAR's manifest has it; null where there is none. */
    private static @Nullable String version(ServletContext context) {
        try (InputStream manifest = context.getResourceAsStream("/META-INF/MANIFEST.MF")) {
            return manifest == null
                    ? null
                    : new Manifest(manifest).getMainAttributes().getValue(Name.IMPLEMENTATION_VERSION);
        } catch (IOException e) {
            LOG.log(Level.FINE, "the WAR's manifest can't be read", e);
            return null;
        }
    }
}
