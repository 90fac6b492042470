package org.fuota.notify;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.error.FuotaException;
import org.fuota.error.LogThrottle;

/**
 * Tells webhooks what happened: at least once, and in order as far as nothing fails. An event is kept in the database by the
 * transaction that makes it happen, and sent later, by one node, again and again for a day.
 */
public final class Notifier implements Closeable {
    /** For how long an event is tried, and then remembered. */
    public static final Duration KEPT = Duration.ofDays(1);

    static final int MAX_WAITING = 10_000;

    private static final Logger LOG = Logger.getLogger(Notifier.class.getName());
    private static final long MAX_DELAY_SECONDS = 3_600;
    private static final int GONE = 410;
    // Whose work it is must be asked once a minute.
    private static final long ROUND_NANOS = 10_000_000_000L;

    private final Database database;
    private final WebhookStore store;
    private final Webhooks webhooks;
    private final String node;
    private final Post post;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final LogThrottle tooMany;

    /** @param node what this server is called */
    public Notifier(Database database, Webhooks webhooks, String node, Clock clock, LongSupplier nanoTime) {
        this(database, webhooks, node, new Post(webhooks.isPrivateAllowed()), clock, nanoTime);
    }

    Notifier(Database database, Webhooks webhooks, String node, Post post, Clock clock, LongSupplier nanoTime) {
        this.database = database;
        this.store = new WebhookStore(database);
        this.webhooks = webhooks;
        this.node = node;
        this.post = post;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.tooMany = new LogThrottle(nanoTime);
    }

    /** Adds an event to the transaction that makes it happen. Quick: it is sent later. */
    public void tell(Transaction transaction, Event event) {
        if (webhooks.targets().isEmpty()) {
            return;
        }
        if (store.add(transaction, event, node, webhooks.targets(), MAX_WAITING) > 0) {
            long gone = tooMany.count();
            if (gone > 0) {
                LOG.warning(() -> "more than " + MAX_WAITING + " events wait for a webhook: the oldest are never told");
            }
        }
    }

    /** The same, in a transaction of its own. */
    void tell(Event.Kind kind, String subject, String sentence) {
        database.transaction(transaction -> {
            tell(transaction, new Event(kind, subject, sentence, clock.instant()));
            return kind;
        });
    }

    /** How many targets there are; {@link #send} takes them by their place. */
    public int targets() {
        return webhooks.targets().size();
    }

    /**
     * Sends a target what is due, until something fails. To be done again and again by the one node whose work it is.
     *
     * @param index from 0
     */
    public void send(int index) {
        Target target = webhooks.targets().get(index);
        long begin = nanoTime.getAsLong();
        try {
            while (nanoTime.getAsLong() - begin < ROUND_NANOS && sendNext(target)) {
                // There may be more.
            }
        } catch (FuotaException e) {
            LOG.log(Level.FINE, e, () -> "the database has no events for webhooks; its health tells why");
        }
    }

    /** Returns whether to go on. */
    private boolean sendNext(Target target) {
        Instant now = clock.instant();
        WebhookStore.Delivery next =
                store.next(target, now, Duration.ofSeconds(MAX_DELAY_SECONDS)).orElse(null);
        // Written first: what can't be would be sent again and again.
        if (next == null || !store.begin(target, next, now, now.plus(delay(next.attempts())))) {
            return false;
        }
        String error;
        boolean isGone = false;
        try {
            int status = post.send(target, headers(next.body()), next.body());
            isGone = status == GONE;
            error = status / 100 == 2 ? null : "it answers " + status;
        } catch (IOException e) {
            if (post.isClosed()) {
                return false;
            }
            error = Post.reason(e);
        }
        store.end(target, next, error == null || isGone ? clock.instant() : null, error);
        if (error != null && (isGone || next.attempts() == 0)) {
            String what = isGone ? ": given up" : ": tried again for a day";
            LOG.warning(target + " isn't told of an event, because " + error + what);
        }
        return error == null;
    }

    private static Duration delay(long attempts) {
        return Duration.ofSeconds(Math.min(MAX_DELAY_SECONDS, 1L << Math.min(attempts, 12)));
    }

    private Map<String, String> headers(byte[] body) {
        if (webhooks.secret().isEmpty()) {
            return Map.of();
        }
        String timestamp = String.valueOf(clock.instant().getEpochSecond());
        return Map.of("X-Fuota-Timestamp", timestamp, "X-Fuota-Signature", "sha256=" + signature(timestamp, body));
    }

    private String signature(String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(webhooks.secret().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has HmacSHA256", e);
        }
    }

    /** Gives up what happened before that, and forgets what was told or given up before that. */
    public void prune(Instant before) {
        for (WebhookStore.GivenUp given : store.giveUp(before, clock.instant())) {
            String whom = webhooks.targets().stream()
                    .filter(target -> target.key().equals(given.target()))
                    .map(Target::toString)
                    .findFirst()
                    .orElse("a webhook that isn't configured here any more");
            LOG.warning(() -> whom + " didn't take events for a day, which are given up: " + given.events());
        }
        store.prune(before);
    }

    WebhookStore store() {
        return store;
    }

    Webhooks webhooks() {
        return webhooks;
    }

    String node() {
        return node;
    }

    /** Breaks off what is being sent, which is sent again after the next start. */
    @Override
    public void close() {
        post.close();
    }
}
