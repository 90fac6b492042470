package org.fuota.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            # first and last of each range, and the neighbours
            0.0.0.0                 | false
            0.255.255.255           | false
            1.0.0.0                 | true
            9.255.255.255           | true
            10.0.0.0                | false
            10.255.255.255          | false
            11.0.0.0                | true
            100.63.255.255          | true
            100.64.0.0              | false
            100.100.100.200         | false
            100.127.255.255         | false
            100.128.0.0             | true
            126.255.255.255         | true
            127.0.0.0               | false
            127.0.0.1               | false
            127.255.255.255         | false
            128.0.0.0               | true
            168.63.129.15           | true
            168.63.129.16           | false
            168.63.129.17           | true
            169.253.255.255         | true
            169.254.0.0             | false
            169.254.169.254         | false
            169.254.255.255         | false
            169.255.0.0             | true
            172.15.255.255          | true
            172.16.0.0              | false
            172.31.255.255          | false
            172.32.0.0              | true
            191.255.255.255         | true
            192.0.0.0               | false
            192.0.0.192             | false
            192.0.2.1               | false
            192.0.3.0               | true
            192.88.99.1             | false
            192.167.255.255         | true
            192.168.0.0             | false
            192.168.255.255         | false
            192.169.0.0             | true
            198.17.255.255          | true
            198.18.0.0              | false
            198.19.255.255          | false
            198.20.0.0              | true
            198.51.100.7            | false
            203.0.113.7             | false
            223.255.255.255         | true
            224.0.0.0               | false
            239.255.255.255         | false
            240.0.0.0               | false
            255.255.255.255         | false
            # IPv6
            ::                      | false
            ::1                     | false
            ::7f00:1                | false
            ::808:808               | false
            ::ffff:8.8.8.8          | true
            ::ffff:127.0.0.1        | false
            ::ffff:a9fe:a9fe        | false
            64:ff9b::808:808        | true
            64:ff9b::a00:1          | false
            64:ff9b::7f00:1         | false
            64:ff9b:1::808:808      | false
            100::1                  | false
            1fff:ffff::1            | false
            2001::1                 | false
            2001:1ff:ffff::1        | false
            2001:200::1             | true
            2001:4860:4860::8888    | true
            2001:db8::1             | false
            2002:7f00:1::1          | false
            2a00:1450:4001::200e    | true
            3fff::1                 | false
            4000::1                 | false
            fc00::1                 | false
            fd00:ec2::254           | false
            fe80::1                 | false
            fe80::1%1               | false
            fec0::1                 | false
            ff02::1                 | false
            """)
    void knowsWhatIsPublic(String address, boolean isPublic) throws Exception {
        assertEquals(isPublic, Addresses.isPublic(InetAddress.getByName(address)));
    }

    /** Which Java itself makes an IPv4 address of, wherever it comes across one. */
    @Test
    void refusesAMappedAddressThatStaysOne() throws Exception {
        byte[] mapped = HexFormat.of().parseHex("00000000000000000000ffff08080808");

        assertFalse(Addresses.isPublic(Inet6Address.getByAddress("mapped", mapped, 0)));
    }
}
