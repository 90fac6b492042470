package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionIT {
    @ParameterizedTest
    @CsvSource({
        "viewer, it-viewer-password, fuota-viewer",
        "bob, it-bob-password, fuota-admin",
    })
    void tellsWhoAsks(String user, String password, String role) throws IOException {
        String told = get(Server.basic(user, password));

        assertTrue(
                told.matches(
                        "\\{\"user\":\"" + user + "\",\"roles\":\\[\"" + role
                                + "\"],\"server\":\"localhost\",\"version\":\"" + version()
                                + "\",\"node\":\"[A-Za-z0-9._-]+\",\"time\":\"[^\"]+Z\","
                                + "\"certificate\":\"(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\\\\]+-----END CERTIFICATE-----\\\\n)+\"}"),
                told);
    }

    @Test
    void tellsAllOfAnAdminsRolesAsTextToo() {
        String told =
                Server.send("GET", "/session", Server.ADMIN, (String) null).body();

        assertTrue(told.startsWith("user: admin\nroles: "), told);
        assertTrue(told.contains("fuota-admin"), told);
        assertEquals(6, told.lines().count(), told);
    }

    private static String get(String authorization) {
        return Server.send(
                        HttpRequest.newBuilder(URI.create(Server.ROOT + "/session"))
                                .header("Authorization", authorization)
                                .header("Accept", "application/json")
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static String version() throws IOException {
        try (JarFile war = new JarFile(Server.WAR.toFile())) {
            return war.getManifest().getMainAttributes().getValue("Implementation-Version");
        }
    }
}
