package org.fuota.error;

import java.nio.charset.StandardCharsets;

/** Text from a request, made safe to show in an answer and in a log line. */
public final class Printable {
    private static final String HEX = "0123456789ABCDEF";

    private Printable() {}

    /** Percent-encodes (as UTF-8) what could break a line, forge a log entry or be markup: all but printable ASCII, and {@code " < > & ' % \}. */
    public static String of(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet > ' ' && octet < 0x7F && "\"<>&'%\\".indexOf(octet) < 0) {
                printable.append((char) octet);
            } else {
                printable.append('%').append(HEX.charAt((octet >> 4) & 0xF)).append(HEX.charAt(octet & 0xF));
            }
        }
        return printable.toString();
    }
}
