package org.fuota.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhooksTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            https://hooks.example/S3CRET             | hooks.example | 443
            HTTPS://hooks.example:8443/S3CRET?x=y    | hooks.example | 8443
            http://hooks.example                     | hooks.example | 80
            http://[2001:db8::1]:81/                 | 2001:db8::1   | 81
            https://198.51.100.7/S3CRET              | 198.51.100.7  | 443
            """)
    void takes(String url, String host, int port) {
        Target target = Webhooks.parse(url, "", false).targets().get(0);

        assertEquals(host, target.host());
        assertEquals(port, target.port());
        assertEquals("webhook 1 (" + host + ")", target.toString());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            ftp://hooks.example/S3CRET               | URL 2 begins with neither https:// nor http://
            file:///S3CRET                           | URL 2 begins with neither https:// nor http://
            hooks.example/S3CRET                     | URL 2 begins with neither https:// nor http://
            //hooks.example/S3CRET                   | URL 2 begins with neither https:// nor http://
            https:S3CRET                             | URL 2 has no host that can be, or no such port
            https:///S3CRET                          | URL 2 has no host that can be, or no such port
            https://under_score.example/S3CRET       | URL 2 has no host that can be, or no such port
            https://hooks.example:0/S3CRET           | URL 2 has no host that can be, or no such port
            https://hooks.example:65536/S3CRET       | URL 2 has no host that can be, or no such port
            https://user:S3CRET@hooks.example/       | URL 2 has a user, which isn't supported
            https://S3CRET@hooks.example/            | URL 2 has a user, which isn't supported
            https://hooks.example/#S3CRET            | URL 2 has a #
            https://hooks.example/{S3CRET}           | URL 2 isn't a URL
            https://hooks.example/S3CRET%            | URL 2 isn't a URL
            https://[::1/S3CRET                      | URL 2 isn't a URL
            https://first.example/                   | URL 2 is there twice
            """)
    void refusesWithoutTellingTheUrl(String url, String sentence) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> Webhooks.parse("https://first.example/ " + url, "", false));

        assertEquals(sentence, refused.getMessage());
        assertNull(refused.getCause());
    }

    @Test
    void partsUrlsBySpacesAndLineEnds() {
        assertEquals(
                List.of("webhook 1 (a.example)", "webhook 2 (b.example)", "webhook 3 (c.example)"),
                Webhooks.parse(" https://a.example\n\thttps://b.example\r\n https://c.example/ ", "", false)
                        .targets()
                        .stream()
                        .map(Target::toString)
                        .toList());
        assertEquals(List.of(), Webhooks.parse(" \n", "", false).targets());
    }

    @Test
    void takesTwentyAtMost() {
        assertEquals(20, Webhooks.parse(urls(20), "", false).targets().size());
        assertEquals(
                "21 URLs are more than 20",
                assertThrows(IllegalArgumentException.class, () -> Webhooks.parse(urls(21), "", false))
                        .getMessage());
    }

    @Test
    void printsNeitherUrlNorSecret() {
        String printed = Webhooks.parse("https://a.example/S3CRET?S3CRET", "S3CRET", false)
                .toString();

        assertFalse(printed.contains("S3CRET"), printed);
    }

    private static String urls(int count) {
        return IntStream.range(0, count).mapToObj(i -> "https://a.example/" + i).collect(Collectors.joining(" "));
    }
}
