package org.fuota.device;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.fuota.http.EntityTag;
import org.fuota.http.Sha256;
import org.jspecify.annotations.Nullable;

/** What a preview of many assignments is computed from, as an entity tag that tells which part of it is another one by now. */
final class Basis {
    private static final int PART_BYTES = 8;
    private static final String BETWEEN = "-";

    private final List<MessageDigest> parts =
            List.of(Part.values()).stream().map(part -> Sha256.newDigest()).toList();

    /** In the order of the tag. */
    enum Part {
        /** What is asked for. */
        REQUEST,
        /** What the devices are assigned. */
        ROWS,
        /** What the devices report, where that is to be replaced. */
        REPORTS,
        /** The bytes of the files. */
        FILES
    }

    /** @param sha256 of the file; null when it isn't there */
    void add(Planned planned, Bulk bulk, @Nullable String sha256) {
        UpdateLine line = planned.line();
        AppVersion given = line.appVersion() == null ? bulk.replaces() : line.appVersion();
        add(
                Part.REQUEST,
                planned.deviceId().value(),
                given == null ? null : given.value(),
                planned.file().value());
        DeviceRow before = planned.before();
        add(Part.ROWS, before == null ? null : before.appVersion(), before == null ? null : before.updateFilePath());
        if (given == null) {
            add(
                    Part.REPORTS,
                    planned.version() == null ? null : planned.version().value());
        }
        add(Part.FILES, sha256);
    }

    /** Of all that was added. */
    EntityTag tag() {
        return EntityTag.strong(parts.stream()
                .map(Basis::hex)
                .reduce((one, next) -> one + BETWEEN + next)
                .orElse(""));
    }

    /** The first part in which a preview differs from what is so now; empty when none does. */
    static Optional<Part> difference(EntityTag preview, EntityTag now) {
        String[] then = preview.opaque().split(BETWEEN, -1);
        String[] current = now.opaque().split(BETWEEN, -1);
        for (Part part : Part.values()) {
            if (then.length != current.length || !then[part.ordinal()].equals(current[part.ordinal()])) {
                return Optional.of(part);
            }
        }
        return preview.isWeak() ? Optional.of(Part.REQUEST) : Optional.empty();
    }

    /** Of one row. */
    static EntityTag tag(DeviceRow row) {
        MessageDigest digest = Sha256.newDigest();
        add(digest, row.deviceId());
        add(digest, row.appVersion());
        add(digest, row.updateFilePath());
        return EntityTag.strong(hex(digest));
    }

    private void add(Part part, @Nullable String... values) {
        for (String value : values) {
            add(parts.get(part.ordinal()), value);
        }
    }

    /** A length before each, so that no two lists of values are hashed alike. */
    private static void add(MessageDigest digest, @Nullable String value) {
        byte[] octets = value == null ? new byte[0] : value.getBytes(StandardCharsets.UTF_8);
        digest.update((value == null ? "none;" : octets.length + ";").getBytes(StandardCharsets.US_ASCII));
        digest.update(octets);
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest(), 0, PART_BYTES);
    }
}
