package org.fuota.rollout;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fuota.error.Printable;
import org.fuota.history.HistoryEvent;
import org.jspecify.annotations.Nullable;

/**
 * What was done with a rollout, read from the audit trail.
 *
 * @param user null where the server did it by itself, like the address
 * @param action such as {@code paused}
 * @param why what the user said of it, or why the server did it; empty where that goes without saying
 */
record JournalEntry(
        Instant at, @Nullable String user, @Nullable String remoteAddress, String action, String why) {
    private static final String BY_HAND = "advanced by hand";

    /** As {@link Rollouts} and {@link RolloutRunner} write it: the state; that it was advanced by hand, or the stage to which; and why. */
    private static final Pattern TURNED = Pattern.compile(
            "([a-z]+)(?:, (" + BY_HAND + "|group [^:]+|the first [^:]+|all))?(?:: (.*))?", Pattern.DOTALL);

    static JournalEntry of(String rollout, HistoryEvent event) {
        boolean isServer = event.remoteAddress().equals(Journal.SERVER.remoteAddress());
        String before = event.before() == null ? "" : event.before().substring(rollout.length() + 1);
        String after = event.after() == null ? "" : event.after().substring(rollout.length() + 1);
        Matcher turned = TURNED.matcher(after);
        String action = event.before() == null ? "made" : turned.matches() ? action(before, turned) : "changed";
        String why = switch (action) {
            case "made", "began", "rolled_back" -> "";
            case "changed" -> after;
            default -> turned.group(3) != null ? turned.group(3) : stage(turned.group(2));
        };
        return new JournalEntry(
                event.at(), isServer ? null : event.user(), isServer ? null : event.remoteAddress(), action, why);
    }

    private static String action(String before, Matcher turned) {
        boolean isByHand = BY_HAND.equals(turned.group(2));
        return switch (turned.group(1)) {
            case "paused" -> "paused";
            case "stopped" -> "rolled back".equals(turned.group(3)) ? "rolled_back" : "stopped";
            default ->
                before.equals("paused")
                        ? "resumed"
                        : before.equals("scheduled")
                                ? "began"
                                : turned.group(1).equals("completed") && !isByHand ? "completed" : "advanced";
        };
    }

    private static String stage(@Nullable String words) {
        return words == null || words.equals(BY_HAND) ? "" : "to " + words;
    }

    Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("at", at);
        fields.put("user", user);
        fields.put("remote_addr", remoteAddress);
        fields.put("action", action);
        fields.put("why", why);
        return fields;
    }

    /** For a person. */
    String line() {
        return at + " " + action
                + (user == null ? " by itself" : " by " + Printable.of(user) + " from " + remoteAddress)
                + (why.isEmpty() ? "" : ": " + why);
    }
}
