package org.fuota.device;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.file.FilePath;
import org.jspecify.annotations.Nullable;

/** Reads many rows, a line each, as {@link DeviceUpdateCsv} reads one. Blank lines, and a byte order mark, are left out. */
final class DeviceUpdateReader {
    /** No field can have a line end, so this bounds what an unclosed quote takes with it, too. */
    private static final int MAX_LINE_LENGTH = 4096;

    private final Reader body;
    private final int maxRows;
    private final Map<String, UpdateLine> lines = new HashMap<>();
    // A fleet has few versions and files: each is held once.
    private final Map<String, AppVersion> versions = new HashMap<>();
    private final Map<String, FilePath> files = new HashMap<>();
    private int number;

    /** For one body. */
    DeviceUpdateReader(Reader body, int maxRows) {
        this.body = new BufferedReader(body);
        this.maxRows = maxRows;
    }

    /**
     * All rows, in their order; at least one, and one only for each device.
     *
     * @throws FuotaException that names the first line that isn't right
     */
    List<UpdateLine> read() throws IOException {
        List<UpdateLine> rows = new ArrayList<>();
        for (String text = nextLine(); text != null; text = nextLine()) {
            String line = number == 1 && text.startsWith("\ufeff") ? text.substring(1) : text;
            if (!line.isBlank()) {
                rows.add(parse(line));
            }
            if (rows.size() > maxRows) {
                throw new FuotaException(ErrorCode.TOO_LARGE, "the body has more than " + maxRows + " rows");
            }
        }
        if (rows.isEmpty()) {
            throw new FuotaException(ErrorCode.INVALID, "the body has no row");
        }
        return rows;
    }

    private UpdateLine parse(String text) {
        UpdateLine line;
        try {
            line = new UpdateLine(number, shared(DeviceUpdateCsv.parse(text, "it")));
        } catch (FuotaException e) {
            throw refused(e.sentence(), e.getCause());
        }
        UpdateLine earlier = lines.putIfAbsent(line.update().deviceId().value(), line);
        if (earlier != null) {
            String device = "device " + Printable.of(line.update().deviceId().value());
            throw refused(device + " is on line " + earlier.number() + " already", null);
        }
        return line;
    }

    private DeviceUpdate shared(DeviceUpdate update) {
        return new DeviceUpdate(
                update.deviceId(),
                versions.computeIfAbsent(update.appVersion().value(), first -> update.appVersion()),
                files.computeIfAbsent(update.updateFilePath().value(), first -> update.updateFilePath()));
    }

    /** The next line without its line feed, or null after the last. */
    private @Nullable String nextLine() throws IOException {
        int c = body.read();
        if (c < 0) {
            return null;
        }
        number++;
        StringBuilder line = new StringBuilder();
        while (c >= 0 && c != '\n') {
            if (line.length() == MAX_LINE_LENGTH) {
                throw refused("it is longer than " + MAX_LINE_LENGTH + " characters", null);
            }
            line.append((char) c);
            c = body.read();
        }
        return line.toString();
    }

    private FuotaException refused(String sentence, @Nullable Throwable cause) {
        return new FuotaException(ErrorCode.INVALID, "line " + number + ": " + sentence, cause);
    }
}
