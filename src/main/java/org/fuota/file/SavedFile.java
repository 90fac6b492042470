package org.fuota.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fuota.history.HistoryEvent;
import org.fuota.image.ImageReport;

/**
 * What an upload led to, and is answered.
 *
 * @param file what is at the path now
 * @param change empty when the same bytes were there already
 * @param effect on the devices that are assigned the path
 */
public record SavedFile(StoredFile file, ImageReport image, Optional<HistoryEvent> change, UploadEffect effect) {
    /** False when the same bytes were there already. */
    public boolean isNew() {
        return change.isPresent();
    }

    /** For curl. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add((isNew() ? "stored " : "unchanged: there were the same ") + file.size() + " bytes as update file "
                + file.path().value());
        lines.add("sha-256: " + file.sha256().hex());
        lines.add("image: " + image.summary());
        long devices = effect.devices();
        lines.add("assigned to " + (devices == 0 ? "no" : devices) + (devices > 1 ? " devices" : " device"));
        warnings().forEach(warning -> lines.add("warning: " + warning));
        return lines;
    }

    /** For JSON. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("path", file.path().value());
        fields.put("size", file.size());
        fields.put("sha256", file.sha256().hex());
        fields.put("changed", isNew());
        fields.put("image", image.fields());
        fields.put("devices", effect.devices());
        fields.put("warnings", warnings());
        return fields;
    }

    /** Of the file itself, and of what it means to devices. */
    private List<String> warnings() {
        return Stream.concat(image.warnings().stream(), effect.warnings().stream())
                .toList();
    }
}
