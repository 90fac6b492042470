package org.fuota.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an upload is answered: lines for curl, fields for JSON. */
final class UploadAnswer {
    private UploadAnswer() {}

    static String sentence(SavedFile saved) {
        StoredFile file = saved.file();
        String bytes = file.size() + " bytes as update file " + file.path().value();
        return saved.isNew() ? "stored " + bytes : "unchanged: there were the same " + bytes;
    }

    static List<String> lines(SavedFile saved) {
        List<String> lines = new ArrayList<>();
        lines.add(sentence(saved));
        lines.add("sha-256: " + saved.file().sha256().hex());
        lines.add("image: " + ImageText.summary(saved.image()));
        long devices = saved.effect().devices();
        lines.add("assigned to " + (devices == 0 ? "no" : devices) + (devices > 1 ? " devices" : " device"));
        warnings(saved).forEach(warning -> lines.add("warning: " + warning));
        return lines;
    }

    static Map<String, Object> fields(SavedFile saved) {
        StoredFile file = saved.file();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("path", file.path().value());
        fields.put("size", file.size());
        fields.put("sha256", file.sha256().hex());
        fields.put("changed", saved.isNew());
        fields.put("image", ImageText.fields(saved.image()));
        fields.put("devices", saved.effect().devices());
        fields.put("warnings", warnings(saved));
        return fields;
    }

    /** Of the file itself, and of what it means to devices. */
    private static List<String> warnings(SavedFile saved) {
        List<String> warnings = new ArrayList<>(ImageText.warnings(saved.image()));
        warnings.addAll(saved.effect().warnings());
        return warnings;
    }
}
