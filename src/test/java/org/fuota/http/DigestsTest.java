package org.fuota.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestsTest {
    // In rows, ABC and NIL stand for the Base64 of these.
    private static final Sha256 ABC = new Sha256("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    private static final Sha256 NIL = new Sha256("0".repeat(64));

    /** Lines of the header are parted by {@code //}. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # lines                                   | digest
            sha-256=:ABC:                             | ABC
            `sha-256=:ABC: `                          | ABC
            sha-256=:ABC:, sha-512=:AA==:             | ABC
            sha-512=:AA==:,sha-256=:ABC:              | ABC
            `md5=:AA==:\t,\tsha-256=:ABC:,unixsum=::` | ABC
            *x.y_z-1=:AA==:, sha-256=:ABC:            | ABC
            sha-512=:AA==://sha-256=:ABC:             | ABC
            # of several the last
            sha-256=:NIL:, sha-256=:ABC:              | ABC
            sha-256=:NIL://sha-256=:ABC:              | ABC
            sha-256=:AA==:, sha-256=:ABC:             | ABC
            # parameters
            sha-256=:ABC:;a                           | ABC
            sha-256=:ABC:;a=1;b=-2.5                  | ABC
            sha-256=:ABC:; a=?0;  b=tok/en:*          | ABC
            sha-256=:ABC:;a="x, \\"y\\" \\\\ =:;"     | ABC
            md5=:AA==:;a=",", sha-256=:ABC:;b=:AA==:  | ABC
            # padding that is missing, and bits of it that aren't zero (RFC 8941 §4.2.7)
            sha-256=:NI:                              | NIL
            sha-256=:NIB=:                            | NIL
            # none, or other algorithms only
            ``                                        |
            sha-512=:AA==:                            |
            md5=:AA==:, sha=:AA==:                    |
            sha-2567=:ABC:                            |
            xsha-256=:ABC:                            |
            sha-512=:AA==:;sha-256=:ABC:              |
            """)
    void finds(String lines, @Nullable String digest) {
        Optional<Sha256> expected = Optional.ofNullable(digest).map(name -> name.equals("ABC") ? ABC : NIL);

        assertEquals(expected, Digests.sha256("Repr-Digest", lines(lines)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # not of 32 bytes
            sha-256=::
            sha-256=:AA==:
            sha-256=:AAABC:
            sha-256=:ABC:, sha-256=:AA==:
            # no Base64
            sha-256=:=:
            sha-256=:A:
            sha-256=:ABC=:
            sha-256=:=ABC:
            sha-256=:-_NIL:
            sha-256=: ABC:
            sha-256=:ABC :
            sha-256=:%ABC:
            # no byte sequence
            sha-256
            sha-256=
            sha-256=ABC
            sha-256="ABC"
            sha-256=:ABC
            sha-256=ABC:
            sha-256=1
            sha-256=token
            sha-256=?1
            sha-256=(:ABC:)
            sha-256;a=:ABC:
            sha-256=::ABC::
            sha-256=:ABC:, sha-256
            sha-256=:ABC:, sha-256=token
            sha-256=:ABC:, md5
            sha-256=:ABC:, md5=token
            sha-256=:ABC:, md5=AA==
            # no dictionary
            ABC
            :ABC:
            =:ABC:
            SHA-256=:ABC:
            Sha-256=:ABC:
            SHA-256=ABC
            sha-256:ABC
            256=:ABC:
            -=:ABC:
            sha 256=:ABC:
            sha-256 =:ABC:
            sha-256= :ABC:
            sha-256=:ABC:x
            sha-256=:ABC: x
            sha-256=:ABC:; x y
            sha-256=:ABC: md5=:AA==:
            sha-256=:ABC:;
            sha-256=:ABC: ;a
            sha-256=:ABC:;A
            sha-256=:ABC:;a=
            sha-256=:ABC:;a="
            sha-256=:ABC:;a="\\x"
            sha-256=:ABC:;a=é
            sha-256=:ABC:;a=1.
            sha-256=:ABC:;a=?2
            # empty members, unlike in other lists
            sha-256=:ABC:,
            `sha-256=:ABC:, `
            `, sha-256=:ABC:`
            `sha-256=:ABC:,, md5=:AA==:`
            sha-256=:ABC:////md5=:AA==:
            `,`
            ` `
            `sha-256=:ABC:\n`
            """)
    void refuses(String lines) {
        FuotaException refused =
                assertThrows(FuotaException.class, () -> Digests.sha256("Content-Digest", lines(lines)));

        assertEquals(ErrorCode.INVALID, refused.code());
        assertTrue(refused.sentence().contains("Content-Digest"), refused.sentence());
    }

    private static List<String> lines(String lines) {
        String nil = NIL.base64();
        return List.of(lines.replace("ABC", ABC.base64())
                .replace("NIL", nil)
                .replace("NIB", nil.substring(0, 42) + "B")
                .replace("NI:", nil.substring(0, 43) + ":")
                .split("//", -1));
    }

    @Test
    void findsNothingWithoutTheHeader() {
        assertEquals(Optional.empty(), Digests.sha256("Content-Digest", List.of()));
    }

    @Test
    void takesHeadersOfAnyLength() {
        String string = "\\\"x".repeat(100_000);

        assertEquals(
                Optional.of(ABC),
                Digests.sha256("Repr-Digest", List.of("md5=::;a=\"" + string + "\", " + Digests.format(ABC))));
        assertEquals(
                Optional.of(ABC),
                Digests.sha256("Repr-Digest", List.of("md5=::" + ";a=1".repeat(100_000), Digests.format(ABC))));
    }

    @Test
    void format() {
        assertEquals("sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:", Digests.format(ABC));
    }
}
