package org.fuota.setup;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The devices that get a user of their own, named like their id. */
final class DeviceUsers {
    private DeviceUsers() {}

    /** Reads ids, one a line; throws for the first that no user can have. Empty lines don't count. */
    static List<String> read(Path file) throws IOException, SetupException {
        List<String> ids = new ArrayList<>();
        try {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).isEmpty()) {
                    ids.add(id(lines.get(i), file + ", line " + (i + 1)));
                }
            }
        } catch (MalformedInputException e) {
            throw new SetupException(file + " isn't UTF-8", e);
        }
        return ids;
    }

    /** A line of CSV, as Fuota's lists have it: quoted, quotes doubled. */
    static String csv(String id, String password) {
        return "\"" + id.replace("\"", "\"\"") + "\",\"" + password + "\"\n";
    }

    private static String id(String line, String place) throws SetupException {
        if (!line.equals(line.strip())) {
            throw new SetupException(place + ": the id '" + line + "' has a leading or trailing space");
        }
        if (line.contains(":")) {
            throw new SetupException(place + ": the id '" + line + "' has a colon, which no user name can have");
        }
        if (line.contains("/") || line.chars().anyMatch(Character::isISOControl)) {
            throw new SetupException(place + ": the id has a slash or control character, which no device id can have");
        }
        return line;
    }
}
