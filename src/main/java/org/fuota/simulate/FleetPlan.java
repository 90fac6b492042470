package org.fuota.simulate;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which boards there are, and how they fare.
 *
 * @param server where it is reached, such as {@code https://fuota.example:8443}, without a slash at its end
 * @param authority a PEM file of the only certificates that the boards trust; empty for those that the JDK does
 * @param name begins the ids of all boards
 * @param versions what they report at first, and in which proportion
 * @param gap between the polls of a board; each is up to a fifth shorter or longer
 * @param mishaps how many in a hundred boards meet each
 * @param seconds after which all boards are switched off
 */
record FleetPlan(
        URI server,
        String user,
        String password,
        Optional<Path> authority,
        String name,
        int boards,
        Map<String, Integer> versions,
        Duration gap,
        Map<Mishap, Double> mishaps,
        long seconds) {
    static final String USAGE = """
            Simulates boards: they poll a server, download what they are offered, start it, and some fail. For trying a server out, and for
            rehearsing a rollout; on a server of your own only, because a poll is a load, and the boards stay in its fleet.

              java -jar fuota.war --simulate https://HOST:PORT [options]

              --boards N          how many (default: 100)
              --name NAME         begins their ids: NAME-0001, NAME-0002, ... (default: sim)
              --versions LIST     what they report at first, with proportions: 1.0.0=9,1.1.0=1 (default: 1.0.0)
              --every SECONDS     between the polls of a board, give or take a fifth (default: 10)
              --stuck PERCENT     of the boards never start what they download (default: 0)
              --reverted PERCENT  of them go back to the version before (default: 0)
              --silent PERCENT    of them are never heard of again after an update (default: 0)
              --seconds N         for so long (default: until it is ended, by Ctrl-C)
              --user NAME         with role fuota-device (default: device)
              --ca FILE           a certificate, or several, that they trust: the server's own where that is self-signed

            The environment variable FUOTA_DEVICE_PASSWORD has the user's password.
            """;

    private static final int MAX_BOARDS = 100_000;

    /** @throws IllegalArgumentException with a sentence, when an option is wrong */
    static FleetPlan parse(String[] arguments, String password) {
        Map<String, String> given = new LinkedHashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        arguments[i] + " isn't an option with a value; --simulate --help lists them");
            }
            given.put(arguments[i], arguments[i + 1]);
        }
        if (password.isEmpty()) {
            throw new IllegalArgumentException("FUOTA_DEVICE_PASSWORD is missing: the password of --user");
        }
        FleetPlan plan = new FleetPlan(
                server(String.valueOf(given.remove("--simulate"))),
                taken(given, "--user", "device"),
                password,
                Optional.ofNullable(given.remove("--ca")).map(Path::of),
                taken(given, "--name", "sim"),
                (int) number(given, "--boards", 100, 1, MAX_BOARDS),
                versions(taken(given, "--versions", "1.0.0")),
                Duration.ofMillis((long) (1000 * number(given, "--every", 10, 0.1, 86_400))),
                mishaps(given),
                (long) number(given, "--seconds", Long.MAX_VALUE, 1, 31_536_000));
        if (!given.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown option " + given.keySet().iterator().next() + "; --simulate --help lists them");
        }
        return plan;
    }

    private static URI server(String url) {
        if (!url.matches("https?://[A-Za-z0-9.\\[\\]:-]+(/[A-Za-z0-9._~-]+)*/?")) {
            throw new IllegalArgumentException(
                    "--simulate " + url.replaceFirst("//.*@", "//...@") + " isn't https://HOST:PORT");
        }
        return URI.create(url.replaceFirst("/$", ""));
    }

    private static String taken(Map<String, String> given, String name, String usual) {
        String value = given.remove(name);
        return value == null ? usual : value;
    }

    private static double number(Map<String, String> given, String name, double usual, double least, double most) {
        String text = given.remove(name);
        if (text == null) {
            return usual;
        }
        if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,3})?")
                || Double.parseDouble(text) < least
                || Double.parseDouble(text) > most) {
            throw new IllegalArgumentException(
                    "%s %s isn't a number from %s to %s".formatted(name, text, plain(least), plain(most)));
        }
        return Double.parseDouble(text);
    }

    private static String plain(double number) {
        return number == (long) number ? String.valueOf((long) number) : String.valueOf(number);
    }

    private static Map<String, Integer> versions(String list) {
        Map<String, Integer> versions = new LinkedHashMap<>();
        for (String one : list.split(",", -1)) {
            int equals = one.lastIndexOf('=');
            String share = equals < 0 ? "1" : one.substring(equals + 1);
            String version = equals < 0 ? one : one.substring(0, equals);
            if (!share.matches("[1-9][0-9]{0,6}") || !version.matches("[!-~]{1,32}")) {
                throw new IllegalArgumentException("--versions " + list + " isn't VERSION=SHARE,VERSION=SHARE,...");
            }
            versions.put(version, Integer.parseInt(share));
        }
        return versions;
    }

    private static Map<Mishap, Double> mishaps(Map<String, String> given) {
        Map<Mishap, Double> mishaps = new EnumMap<>(Mishap.class);
        for (Mishap mishap : Mishap.values()) {
            if (mishap != Mishap.NONE) {
                mishaps.put(mishap, number(given, "--" + mishap.label(), 0, 0, 100));
            }
        }
        if (mishaps.values().stream().mapToDouble(percent -> percent).sum() > 100) {
            throw new IllegalArgumentException("--stuck, --reverted and --silent are more than 100 percent together");
        }
        return mishaps;
    }

    /** @param number from 1 on */
    String id(int number) {
        return name + "-"
                + String.format(
                        Locale.ROOT, "%0" + Math.max(4, String.valueOf(boards).length()) + "d", number);
    }

    /** @param share of the fleet, from 0 inclusive to 1 exclusive */
    String versionAt(double share) {
        double left = share * versions.values().stream().mapToInt(one -> one).sum();
        String last = "";
        for (Map.Entry<String, Integer> version : versions.entrySet()) {
            last = version.getKey();
            left -= version.getValue();
            if (left < 0) {
                break;
            }
        }
        return last;
    }

    /** @param share of the fleet, from 0 inclusive to 1 exclusive */
    Mishap mishapAt(double share) {
        double left = 100 * share;
        for (Map.Entry<Mishap, Double> mishap : mishaps.entrySet()) {
            left -= mishap.getValue();
            if (left < 0) {
                return mishap.getKey();
            }
        }
        return Mishap.NONE;
    }
}
