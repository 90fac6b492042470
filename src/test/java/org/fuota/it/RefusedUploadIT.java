package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.fuota.image.EspImageBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What isn't the file that its sender means is refused in plain words, and the path keeps what it held. */
class RefusedUploadIT {
    private static final byte[] IMAGE = EspImageBuilder.application().build();
    private static final byte[] BEFORE = "before".getBytes(StandardCharsets.US_ASCII);

    @BeforeEach
    void aFile() {
        Server.upload("refused.bin", BEFORE);
    }

    @AfterEach
    void withdraw() {
        Server.send("DELETE", "/devices/refused", Server.ADMIN, (String) null);
        Server.send("DELETE", "/files/refused.bin", Server.ADMIN, (String) null);
    }

    @ParameterizedTest(name = "{0} {1} {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
                    # query               | header                                                | body      | answer
                                          | Content-Type: multipart/form-data; boundary=x         | image     | 415 the body is a web form: send the file itself, as curl -T does
                                          | Content-Type: Multipart/Mixed                         | text      | 415 the body is a web form: send the file itself, as curl -T does
                                          | Content-Type: application/octet-stream                | multipart | 415 the body is a web form: send the file itself, as curl -T does
                                          | Content-Type: application/x-www-form-urlencoded       | form      | 415 the body is a web form: send the file itself, as curl -T does
                                          | Content-Encoding: gzip                                | image     | 415 the body has a Content-Encoding: send the file itself, as curl -T does
                                          | Content-Encoding: identity, br                        | image     | 415 the body has a Content-Encoding: send the file itself, as curl -T does
                                          | Accept: application/json                              | empty     | 422 the upload is empty, so no board could start it
                                          | Accept: text/plain                                    | damaged   | 422 no board would start it: the image is damaged, so copy it or build it again; the SHA-256 at byte 368 doesn't fit the data before it
                                          | Accept: text/plain                                    | cut       | 422 no board would start it: the end of the image is missing, so copy it or build it again; the image is cut off at byte 399: its SHA-256 ends at byte 400
                                          | Accept: text/plain                                    | headless  | 422 no board would start it: the beginning of the image is missing or changed, so copy it or build it again; an application's description is at byte 31, without an image's header before it
                                          | Accept: text/plain                                    | decoded   | 422 no board would start it: the image was read and written as if it were text, so send the file as it is, such as by curl -T; at byte 0 is ef bf bd in place of e9
                                          | Accept: text/plain                                    | base64    | 422 no board would start it: the file is base64 of an image, so send the image itself; at byte 0 is the base64 of an image's header
                    ?require=application  | Accept: text/plain                                    | text      | 422 the file is no ESP32 image; ?require=application takes an ESP32's application only
                    ?require=application  | Accept: text/plain                                    | page      | 422 the file is an HTML page, such as a web server's error page, and no ESP32 image; ?require=application takes an ESP32's application only
                    ?require=application  | Accept: text/plain                                    | damaged   | 422 no board would start it: the image is damaged, so copy it or build it again; the SHA-256 at byte 368 doesn't fit the data before it
                    ?require=app          | Accept: text/plain                                    | image     | 400 require must be application
                    ?requires=application | Accept: text/plain                                    | image     | 400 the query has requires, which isn't one of force, require
                    # And what isn't refused.
                                          | Content-Type: application/x-www-form-urlencoded       | image     | 200
                                          | Content-Type: application/x-www-form-urlencoded       | text      | 200
                                          | Content-Type: text/plain                              | form      | 200
                                          | Content-Encoding: Identity                            | image     | 200
                    ?require=application  | Content-Type: application/x-www-form-urlencoded       | image     | 200
                    ?require=application&force=true | Accept: application/json                    | image     | 200
                    ?require=application  | Accept: text/plain                                    | plain     | 200
                    """)
    void refuses(@Nullable String query, String header, String body, String answer) {
        String[] field = header.split(": ");
        HttpResponse<String> response = Server.send(
                HttpRequest.newBuilder(URI.create(Server.ROOT + "/files/refused.bin" + (query == null ? "" : query)))
                        .header("Authorization", Server.ADMIN)
                        .header(field[0], field[1])
                        .PUT(BodyPublishers.ofByteArray(bytes(body)))
                        .build(),
                BodyHandlers.ofString());

        if (answer.equals("200")) {
            assertEquals(200, response.statusCode(), response.body());
            assertArrayEquals(bytes(body), Server.download("refused.bin"));
        } else {
            assertEquals(answer + "\n", response.statusCode() + " " + response.body());
            assertArrayEquals(BEFORE, Server.download("refused.bin"));
        }
    }

    private static byte[] bytes(String body) {
        return switch (body) {
            case "empty" -> new byte[0];
            case "image" -> IMAGE;
            case "plain" -> EspImageBuilder.applicationWithoutDescription().build();
            case "damaged" -> changed(100);
            case "cut" -> Arrays.copyOf(IMAGE, 399);
            case "headless" -> Arrays.copyOfRange(IMAGE, 1, IMAGE.length);
            case "decoded" -> new String(IMAGE, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
            case "base64" -> Base64.getMimeEncoder().encode(IMAGE);
            case "page" -> "<html>".getBytes(StandardCharsets.US_ASCII);
            case "form" -> "file=firmware&x=%E9%03".getBytes(StandardCharsets.US_ASCII);
            case "multipart" ->
                "--x\r\nContent-Disposition: form-data; name=f\r\n\r\ntext\r\n--x--\r\n"
                        .getBytes(StandardCharsets.US_ASCII);
            default -> body.getBytes(StandardCharsets.US_ASCII);
        };
    }

    /** Two bits that leave the checksum as it is. */
    private static byte[] changed(int offset) {
        byte[] damaged = IMAGE.clone();
        damaged[offset] ^= 1;
        damaged[offset + 1] ^= 1;
        return damaged;
    }

    @Test
    void takesAnImageForTheEsp8266ByItsName() {
        HttpResponse<String> stored = Server.send(
                "PUT", "/files/refused.bin", Server.ADMIN, BodyPublishers.ofByteArray(EspImageBuilder.esp8266()));

        assertEquals(200, stored.statusCode(), stored.body());
        assertTrue(
                stored.body().contains("\nimage: the file is an image for the ESP8266, which no ESP32 starts\n"),
                stored.body());
    }

    @Test
    void hintsAtAPathThatWasTakenForAUrl() {
        String hint = "; there is an update file refused.bin, and boards put /files/ before it themselves\n";

        String there = assign("files/refused.bin");
        String absent = assign("files/never.bin");

        assertTrue(there.contains("isn't uploaded yet; until it is, polls are answered 404" + hint), there);
        assertTrue(absent.endsWith("isn't uploaded yet; until it is, polls are answered 404\n"), absent);
    }

    private static String assign(String path) {
        return Server.send("PUT", "/devices/refused", Server.ADMIN, "refused,1," + path)
                .body();
    }
}
