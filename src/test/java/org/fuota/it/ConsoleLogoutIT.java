package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a browser forgets what its user has typed. */
class ConsoleLogoutIT {
    @TempDir
    Path folder;

    @AfterEach
    void undeploy() {
        Other.undeploy();
    }

    @Test
    void refusesRightCredentialsToo() {
        HttpResponse<String> root = Server.send("GET", "/", null, (String) null);
        for (String authorization :
                new @Nullable String[] {null, Server.ADMIN, Server.DEVICE, Server.basic("admin", "x")}) {
            for (String method : new String[] {"GET", "POST"}) {
                HttpResponse<String> answer = Server.send(method, "/console/logout", authorization, (String) null);

                assertEquals(401, answer.statusCode());
                assertEquals("Basic realm=\"Fuota\"", realm(answer));
                assertEquals(realm(root), realm(answer));
                assertEquals("\"cookies\"", header(answer, "Clear-Site-Data"));
                assertEquals("no-store", header(answer, "Cache-Control"));
                assertEquals("text/html;charset=UTF-8", header(answer, "Content-Type"));
                String policy = header(answer, "Content-Security-Policy");
                assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; "), policy);
                assertTrue(
                        answer.body().contains("You are logged out of this browser as far as it lets"), answer.body());
            }
        }
        assertEquals(
                404,
                Server.send("GET", "/console/logout/", Server.ADMIN, (String) null)
                        .statusCode());
    }

    @Test
    void asksForNoPasswordOverPlainHttp() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + Server.HTTP_PORT + "/console/logout"))
                                .build(),
                        BodyHandlers.ofString());

        assertEquals(403, answer.statusCode());
        assertEquals("", header(answer, "WWW-Authenticate"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/other"})
    void hasABrowserForgetThem(String context) throws Exception {
        if (!context.isEmpty()) {
            Other.deploy(folder, UnaryOperator.identity());
        }
        String root = Server.ROOT + context + "/";
        try (Browser browser = Browser.open(folder.resolve("profile"), context)) {
            browser.logIn();
            browser.driver.get(root + "stop");
            assertEquals("offers go on: nobody has stopped them", browser.text("body"));

            // It asks for others, and shows the page when its user gives none.
            browser.driver.get(root + "console/logout");

            browser.driver.get(root + "stop");
            assertEquals(
                    "credentials are missing or wrong, or their role doesn't allow this request", browser.text("body"));
            browser.logIn();
            browser.driver.get(root + "stop");
            assertEquals("offers go on: nobody has stopped them", browser.text("body"));
        }
    }

    /** The rest of a challenge isn't the same in all versions of Tomcat. */
    private static String realm(HttpResponse<?> answer) {
        return header(answer, "WWW-Authenticate").replaceFirst(",.*", "");
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
