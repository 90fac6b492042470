package org.fuota.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many failed logins an address may have: ten at once, and one more every six seconds. An IPv6 address counts as its network of 64 bits, because
 * whoever has one address of it has all. Remembers the 10,000 addresses that failed last.
 */
final class FailureBudget {
    static final int AT_ONCE = 10;
    static final int MAX_ADDRESSES = 10_000;
    static final long NANOS_EACH = 6_000_000_000L;

    /** Longer than any address; what a proxy claims to be one may be anything. */
    private static final int MAX_LENGTH = 64;

    private final LongSupplier nanoTime;

    /** By network, when all of its failures will be forgotten, in {@link #nanoTime}; the one that failed last is last. */
    private final Map<String, Long> forgivenNanos = new LinkedHashMap<>(16, 0.75f, true);

    /** @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime} */
    FailureBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Counts one failure of the address; whether that was within its budget. */
    synchronized boolean spend(String address) {
        long now = nanoTime.getAsLong();
        String network = network(address);
        Long forgiven = forgivenNanos.get(network);
        long owedNanos = (forgiven == null ? 0 : Math.max(0, forgiven - now)) + NANOS_EACH;
        if (owedNanos > AT_ONCE * NANOS_EACH) {
            return false;
        }
        forgivenNanos.put(network, now + owedNanos);
        if (forgivenNanos.size() > MAX_ADDRESSES) {
            forgivenNanos.remove(forgivenNanos.keySet().iterator().next());
        }
        return true;
    }

    synchronized int size() {
        return forgivenNanos.size();
    }

    private static String network(String address) {
        // No host name has a colon, so nothing is looked up.
        if (address.length() <= MAX_LENGTH && address.indexOf(':') >= 0) {
            try {
                byte[] octets = InetAddress.getByName(address).getAddress();
                return octets.length == 4 ? text(octets, 4) : text(octets, 8);
            } catch (UnknownHostException noAddress) {
                // Then as it is.
            }
        }
        return address.substring(0, Math.min(MAX_LENGTH, address.length()));
    }

    private static String text(byte[] octets, int length) {
        return HexFormat.ofDelimiter(":").formatHex(Arrays.copyOf(octets, length));
    }
}
