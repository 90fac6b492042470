package org.fuota.notify;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Which addresses are of the public internet, by IANA's registries of special-purpose addresses (RFC 6890). */
final class Addresses {
    /** Of 16 bytes, all others are special. */
    private static final Net GLOBAL_IPV6 = Net.of("2000::/3");

    /** Stands for the IPv4 address that its last 4 bytes are, where IPv4 is reached by IPv6 (RFC 6052). */
    private static final Net NAT64 = Net.of("64:ff9b::/96");

    private static final List<Net> SPECIAL = Stream.of(
                    "0.0.0.0/8", // this network, and unspecified
                    "10.0.0.0/8", // private
                    "100.64.0.0/10", // carriers' NAT
                    "127.0.0.0/8", // loopback
                    "168.63.129.16/32", // Azure's platform
                    "169.254.0.0/16", // link-local, and clouds' metadata
                    "172.16.0.0/12", // private
                    "192.0.0.0/24", // protocol assignments
                    "192.0.2.0/24", // documentation
                    "192.88.99.0/24", // 6to4 relays
                    "192.168.0.0/16", // private
                    "198.18.0.0/15", // benchmarks
                    "198.51.100.0/24", // documentation
                    "203.0.113.0/24", // documentation
                    "224.0.0.0/3", // multicast, reserved, broadcast
                    "2001::/23", // Teredo and other protocol assignments
                    "2001:db8::/32", // documentation
                    "2002::/16", // 6to4
                    "3fff::/20") // documentation
            .map(Net::of)
            .toList();

    private Addresses() {}

    static boolean isPublic(InetAddress address) {
        byte[] octets = address.getAddress();
        byte[] plain = NAT64.has(octets) ? Arrays.copyOfRange(octets, 12, 16) : octets;
        return (plain.length == 4 || GLOBAL_IPV6.has(plain)) && SPECIAL.stream().noneMatch(net -> net.has(plain));
    }

    /** The addresses of so many bits that begin with a prefix of so many. */
    private record Net(int size, int length, BigInteger prefix) {
        static Net of(String text) {
            try {
                byte[] octets =
                        InetAddress.getByName(text.replaceAll("/.*", "")).getAddress();
                int size = octets.length * Byte.SIZE;
                int length = Integer.parseInt(text.replaceAll(".*/", ""));
                return new Net(size, length, new BigInteger(1, octets).shiftRight(size - length));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(e);
            }
        }

        boolean has(byte[] octets) {
            return octets.length * Byte.SIZE == size
                    && new BigInteger(1, octets).shiftRight(size - length).equals(prefix);
        }
    }
}
