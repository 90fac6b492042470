package org.fuota.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailedLoginsTest {
    @ParameterizedTest
    @CsvSource({
        "admin:secret, user admin",
        "admin:, user admin",
        ":secret, user ''",
        "a:b:secret, user a",
        "bjørn:secret, user bj%C3%B8rn",
        "'x\ny:secret', user x%0Ay",
        "'a b\u001b[31m:secret', user a%20b%1B[31m",
    })
    void namesTheUser(String pair, String name) {
        String base64 = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));

        assertEquals(name.replace("''", ""), FailedLogins.user("Basic " + base64));
        assertEquals(name.replace("''", ""), FailedLogins.user("basic   " + base64 + " "));
    }

    @Test
    void cutsALongName() {
        String base64 = Base64.getEncoder().encodeToString(("x".repeat(5_000) + ":secret").getBytes());

        assertEquals("user " + "x".repeat(64), FailedLogins.user("Basic " + base64));
    }

    /** What has no colon may be a password that somebody forgot the name of. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic",
                "Basic ",
                "Basic ???",
                "Basic c2VjcmV0",
                "Bearer c2VjcmV0OnNlY3JldA==",
                "Basicc2VjcmV0OnNlY3JldA=="
            })
    void tellsNothingOfWhatMayBeAPassword(String header) {
        String name = FailedLogins.user(header);

        assertEquals("nobody that can be read", name);
        assertFalse(name.contains("secret"));
    }
}
