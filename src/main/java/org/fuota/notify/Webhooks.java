package org.fuota.notify;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What an operator configures.
 *
 * @param secret by which requests are signed; empty when they aren't
 * @param isPrivateAllowed whether targets may have addresses that aren't public
 */
public record Webhooks(List<Target> targets, String secret, boolean isPrivateAllowed) {
    private static final int MAX_TARGETS = 20;

    public Webhooks {
        targets = List.copyOf(targets);
    }

    /**
     * @param urls parted by spaces or line ends
     * @throws IllegalArgumentException with what is wrong, but no URL
     */
    public static Webhooks parse(String urls, String secret, boolean isPrivateAllowed) {
        List<Target> targets = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (String url : urls.isBlank() ? new String[0] : urls.strip().split("\\s+")) {
            Target target = Target.parse(targets.size() + 1, url);
            if (!known.add(target.key())) {
                throw new IllegalArgumentException("URL " + target.number() + " is there twice");
            }
            targets.add(target);
        }
        if (targets.size() > MAX_TARGETS) {
            throw new IllegalArgumentException(targets.size() + " URLs are more than " + MAX_TARGETS);
        }
        return new Webhooks(targets, secret, isPrivateAllowed);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return targets.toString();
    }
}
