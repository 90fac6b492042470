package org.fuota;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
    @Test
    void refusesAPathThatWouldLoseTheDatabasesSettings() {
        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> Config.requireSettings("jdbc:sqlite:/srv/what?/db/devices.db?journal_mode=WAL"));

        assertEquals(
                "Fuota's configuration, in the application's context XML: the path of the database has a question mark,"
                        + " which its URL can't have: choose another folder",
                refused.getMessage());
    }

    @Test
    void refusesAPasswordThatComesIntoTheLog() {
        String url = "jdbc:postgresql://db.example.com:port/fuota?user=fuota&password=secret";

        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> Config.requireSettings(url));

        assertEquals(
                "Fuota's configuration, in the application's context XML: the database's URL has a password, which the log"
                        + " would show when something is wrong with it: give it as the attribute password of the <Resource>",
                refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:sqlite:/srv/db/devices.db?journal_mode=WAL&synchronous=FULL",
                "jdbc:sqlite:/srv/db/devices.db",
                "jdbc:postgresql://db.example.com/fuota?sslmode=verify-full",
                "jdbc:other:?a=?"
            })
    void takesOthers(String url) {
        assertDoesNotThrow(() -> Config.requireSettings(url));
    }
}
