package org.fuota.it;

import java.util.ArrayList;
import java.util.List;

/**
 * One of the answers on a connection, as it came.
 *
 * @param status three digits; {@code 0.9} when it has no head, and is no error page
 * @param head its lines
 * @param body a char for each byte, without the marks of chunks
 */
record HostileAnswer(String status, List<String> head, String body) {
    /** All of them, one after another. */
    static List<HostileAnswer> parse(String raw) {
        List<HostileAnswer> answers = new ArrayList<>();
        String rest = raw;
        while (!rest.isEmpty()) {
            int end = rest.indexOf("\r\n\r\n");
            if (!rest.matches("(?s)HTTP/1\\.1 [0-9]{3} .*") || end < 0) {
                // Whether Tomcat puts a head before its page depends on what it has read on another connection before.
                String status = rest.contains("<h1>HTTP Status 400 ") ? "400" : "0.9";
                answers.add(new HostileAnswer(status, List.of(), rest));
                return answers;
            }
            List<String> head = List.of(rest.substring(0, end).split("\r\n"));
            String status = rest.substring(9, 12);
            rest = rest.substring(end + 4);
            StringBuilder body = new StringBuilder();
            if (isChunked(head)) {
                rest = readChunks(rest, body);
            } else if (!status.equals("204") && !status.equals("304")) {
                int length = Math.min(rest.length(), contentLength(head, rest.length()));
                body.append(rest, 0, length);
                rest = rest.substring(length);
            }
            answers.add(new HostileAnswer(status, head, body.toString()));
        }
        return answers;
    }

    /** Empty when the header isn't there. */
    String header(String name) {
        return head.stream()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).trim())
                .findFirst()
                .orElse("");
    }

    private static boolean isChunked(List<String> head) {
        return head.stream().anyMatch(line -> line.equalsIgnoreCase("Transfer-Encoding: chunked"));
    }

    private static int contentLength(List<String> head, int otherwise) {
        String length = new HostileAnswer("", head, "").header("Content-Length");
        return length.isEmpty() ? otherwise : Integer.parseInt(length);
    }

    private static String readChunks(String raw, StringBuilder body) {
        String rest = raw;
        while (true) {
            int end = rest.indexOf("\r\n");
            int size = Integer.parseInt(rest.substring(0, end), 16);
            body.append(rest, end + 2, end + 2 + size);
            rest = rest.substring(end + 2 + size + 2);
            if (size == 0) {
                return rest;
            }
        }
    }
}
