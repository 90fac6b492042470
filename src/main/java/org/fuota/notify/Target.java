package org.fuota.notify;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.fuota.http.Sha256;

/**
 * Whom events are posted to. Its URL is a secret: people are told host and number only.
 *
 * @param number its place in the configuration, from 1
 * @param uri with a host and a path, in ASCII
 */
record Target(int number, URI uri) {
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;
    private static final int MAX_PORT = 65_535;

    /** @throws IllegalArgumentException with what is wrong, but not the URL */
    static Target parse(int number, String url) {
        URI uri;
        try {
            uri = new URI(new URI(url).toASCIIString());
        } catch (URISyntaxException e) {
            // Its message has the URL.
            throw wrong(number, "isn't a URL");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw wrong(number, "begins with neither https:// nor http://");
        }
        if (uri.getRawUserInfo() != null) {
            throw wrong(number, "has a user, which isn't supported");
        }
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > MAX_PORT) {
            throw wrong(number, "has no host that can be, or no such port");
        }
        if (uri.getRawFragment() != null) {
            throw wrong(number, "has a #");
        }
        return new Target(number, uri);
    }

    private static IllegalArgumentException wrong(int number, String what) {
        return new IllegalArgumentException("URL " + number + " " + what);
    }

    boolean isTls() {
        return uri.getScheme().equalsIgnoreCase("https");
    }

    /** A name, or an address without the brackets of its URL. */
    String host() {
        return uri.getHost().replaceAll("[\\[\\]]", "");
    }

    int port() {
        int usual = isTls() ? HTTPS_PORT : HTTP_PORT;
        return uri.getPort() < 0 ? usual : uri.getPort();
    }

    /** By which the database knows it. */
    String key() {
        byte[] url = uri.toString().getBytes(StandardCharsets.US_ASCII);
        return Sha256.of(Sha256.newDigest().digest(url)).hex();
    }

    /** What people are told. */
    @Override
    public String toString() {
        return "webhook " + number + " (" + host() + ")";
    }
}
