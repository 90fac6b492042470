package org.fuota.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.file.FilePath;

/** {@code "<device_id>","<app_version>","<update_file_path>"}, a line a device, as RFC 4180 quotes. */
final class DeviceUpdateCsv {
    private DeviceUpdateCsv() {}

    /**
     * Reads the one row of a text. Quotes may be left out, and a line end at the end.
     *
     * @param subject what the text is to whom it is refused, such as {@code the body}
     * @throws FuotaException when it isn't one row of three fields, or a field breaks its rule
     */
    static DeviceUpdate parse(String csv, String subject) {
        List<CSVRecord> rows;
        try (CSVParser parser = CSVParser.parse(csv, CSVFormat.DEFAULT)) {
            rows = parser.getRecords();
        } catch (IOException | UncheckedIOException e) {
            throw new FuotaException(ErrorCode.INVALID, subject + " isn't CSV: its quotes don't match", e);
        }
        if (rows.size() != 1 || rows.get(0).size() != 3) {
            throw new FuotaException(
                    ErrorCode.INVALID,
                    subject + " must be one row of three fields:"
                            + " \"<device_id>\",\"<app_version>\",\"<update_file_path>\"");
        }
        CSVRecord row = rows.get(0);
        return new DeviceUpdate(new DeviceId(row.get(0)), new AppVersion(row.get(1)), new FilePath(row.get(2)));
    }
}
