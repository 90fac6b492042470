package org.fuota.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.fuota.Fuzzed;

class DigestsFuzzTest {
    /** Each line is one of the header. */
    @FuzzTest(maxDuration = "1m")
    void isReadAsItIsWritten(byte[] input) throws Exception {
        List<String> lines = List.of(new String(input, StandardCharsets.ISO_8859_1).split("\n"));

        Optional<Optional<Sha256>> digest = Fuzzed.parse(() -> Digests.sha256("Repr-Digest", lines));

        digest.flatMap(read -> read)
                .ifPresent(read ->
                        assertEquals(Optional.of(read), Digests.sha256("Repr-Digest", List.of(Digests.format(read)))));
    }
}
