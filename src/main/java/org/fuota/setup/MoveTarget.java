package org.fuota.setup;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PostgreSQL database.
 *
 * @param url without parameters, so that whoever shows it shows no password
 * @param properties the parameters
 */
record MoveTarget(String url, Properties properties) {
    private static final Pattern URL = Pattern.compile("(jdbc:postgresql://[^/?@]+/[^/?@]+)(\\?.*)?");

    /** User and password are those of the URL, where they aren't given beside it. */
    static MoveTarget parse(String value, Optional<String> user, Optional<String> password) throws SetupException {
        Matcher url = URL.matcher(value);
        if (!url.matches()) {
            throw new SetupException(
                    "--move-to isn't jdbc:postgresql://HOST/DATABASE, with ?NAME=VALUE&... at most behind it;"
                            + " user and password are best in FUOTA_DATABASE_USER and FUOTA_DATABASE_PASSWORD");
        }
        Properties properties = new Properties();
        for (String parameter :
                Optional.ofNullable(url.group(2)).orElse("?").substring(1).split("&")) {
            String[] parts = parameter.split("=", 2);
            properties.setProperty(parts[0], decode(parts.length < 2 ? "" : parts[1]));
        }
        user.ifPresent(name -> properties.setProperty("user", name));
        password.ifPresent(secret -> properties.setProperty("password", secret));
        // What a server gives up after seconds may take its time here.
        properties.setProperty("socketTimeout", "0");
        properties.setProperty("reWriteBatchedInserts", "true");
        return new MoveTarget(url.group(1), properties);
    }

    private static String decode(String value) throws SetupException {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new SetupException(
                    "--move-to has a parameter with a % that isn't followed by two hexadecimal digits: write it as %25");
        }
    }
}
