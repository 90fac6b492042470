package org.fuota.device;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fuota.file.FilePath;
import org.fuota.http.EntityTag;
import org.fuota.http.Sha256;
import org.jspecify.annotations.Nullable;

/** What a preview of many assignments is computed from, as an entity tag that tells which part of it is another one by now. */
final class Basis {
    private static final int PART_BYTES = 8;
    static final String BETWEEN = "-";
    private static final int MAX_KNOWN = 1000;

    private final Bulk bulk;
    private final Function<FilePath, Optional<String>> sha256;
    private final Map<String, Optional<String>> digests = new Latest<>(MAX_KNOWN);
    private final List<MessageDigest> parts =
            Stream.of(Part.values()).map(part -> Sha256.newDigest()).toList();

    /** @param sha256 the digest of a file as it is now, in hexadecimal; empty when it isn't there */
    Basis(Bulk bulk, Function<FilePath, Optional<String>> sha256) {
        this.bulk = bulk;
        this.sha256 = sha256;
    }

    /** In the order of the tag. */
    enum Part {
        /** What is asked for. */
        REQUEST,
        /** What the devices are assigned. */
        ASSIGNMENTS,
        /** What the devices report, where that is to be replaced. */
        REPORTS,
        /** The bytes of the files. */
        FILES
    }

    void add(Assignment assignment) {
        AppVersion given = bulk.version(assignment.line());
        String path = assignment.file().value();
        add(Part.REQUEST, assignment.deviceId().value(), value(given), path);
        DeviceRow before = assignment.before();
        add(
                Part.ASSIGNMENTS,
                before == null ? null : before.appVersion(),
                before == null ? null : before.updateFilePath());
        if (given == null) {
            add(Part.REPORTS, value(assignment.version()));
        }
        add(
                Part.FILES,
                digests.computeIfAbsent(path, first -> sha256.apply(assignment.file()))
                        .orElse(null));
    }

    /** Of all that was added. */
    EntityTag tag() {
        return EntityTag.strong(parts.stream().map(Basis::hex).collect(Collectors.joining(BETWEEN)));
    }

    /** The first part in which a preview differs from what is so now. */
    static Part difference(EntityTag preview, EntityTag now) {
        String[] then = preview.opaque().split(BETWEEN, -1);
        String[] current = now.opaque().split(BETWEEN, -1);
        return Stream.of(Part.values())
                .filter(part -> then.length != current.length || !then[part.ordinal()].equals(current[part.ordinal()]))
                .findFirst()
                .orElse(Part.REQUEST);
    }

    /** Of one assignment. */
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
    static void add(MessageDigest digest, @Nullable String value) {
        byte[] octets = value == null ? new byte[0] : value.getBytes(StandardCharsets.UTF_8);
        digest.update((value == null ? "none;" : octets.length + ";").getBytes(StandardCharsets.US_ASCII));
        digest.update(octets);
    }

    private static @Nullable String value(@Nullable AppVersion version) {
        return version == null ? null : version.value();
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest(), 0, PART_BYTES);
    }
}
