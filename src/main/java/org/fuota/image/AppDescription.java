package org.fuota.image;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What an application says of itself ({@code esp_app_desc_t} of ESP-IDF's esp_app_desc.h): a hint for people, and proof of nothing.
 * The version in particular isn't what a board reports when it polls. Texts have up to 32 characters, or none, and are printable
 * ASCII with a {@code ?} for every other byte; who shows one in CSV or HTML escapes it there.
 *
 * @param secureVersion for the anti-rollback of boards that use it, 32 bits
 * @param compiled when, such as {@code Jul 14 2025 12:34:56}
 * @param espIdf the version of ESP-IDF that it was built with
 * @param elfSha256 of the ELF file that the image was made from: 64 lower-case hexadecimal digits
 */
public record AppDescription(
        long secureVersion, String version, String project, String compiled, String espIdf, String elfSha256) {
    static final int BYTES = 256;
    static final long MAGIC = 0xABCD_5432L;

    private static final String ARDUINO = "arduino-lib-builder";
    private static final int SHA_256_DIGITS = 64;

    public AppDescription {
        if (secureVersion < 0 || elfSha256.length() != SHA_256_DIGITS) {
            throw new IllegalArgumentException("a negative secure version, or an ELF SHA-256 that is none");
        }
    }

    /** The description at the offset, of at least 256 bytes; empty when its magic number isn't there. */
    static Optional<AppDescription> at(byte[] bytes, int offset) {
        if (LittleEndian.u32(bytes, offset) != MAGIC) {
            return Optional.empty();
        }
        return Optional.of(new AppDescription(
                LittleEndian.u32(bytes, offset + 4),
                text(bytes, offset + 16, 32),
                text(bytes, offset + 48, 32),
                text(bytes, offset + 96, 16) + " " + text(bytes, offset + 80, 16),
                text(bytes, offset + 112, 32),
                HexFormat.of().formatHex(bytes, offset + 144, offset + 176)));
    }

    /** Whether project and version are those of the framework's libraries, and say nothing of the application. */
    public static boolean isOfArduino(String project) {
        return project.equals(ARDUINO);
    }

    private static String text(byte[] bytes, int offset, int maxLength) {
        String field = new String(bytes, offset, maxLength, StandardCharsets.ISO_8859_1);
        int end = field.indexOf('\0');
        return (end < 0 ? field : field.substring(0, end)).replaceAll("[^ -~]", "?");
    }
}
