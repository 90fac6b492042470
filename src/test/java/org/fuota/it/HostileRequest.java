package org.fuota.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A line of the corpus in {@code src/test/resources/hostile}: what is sent, byte for byte, and the statuses of what comes back.
 *
 * <p>In all of it, <code>\r \n \t \\ \xHH</code> are bytes, and <code>{x*100}</code> is a hundred times x. Two forms:
 *
 * <ul>
 *   <li><code>405 admin POST /devices | Name: value || body</code>, of a file with requests: Host, credentials and, with a body,
 *       its Content-Length are added, and the connection is closed after the answer;
 *   <li><code>405+200 POST ...</code>, of the file with bytes: a request for {@code /health/live} is added, which must be
 *       answered as such or not at all.
 * </ul>
 *
 * @param where the file and the line
 * @param statuses of all answers in their order; {@code 0.9} is an answer without a head; none,
 *     written {@code -}, where the server just closes
 * @param raw a char for each byte
 */
record HostileRequest(String where, List<String> statuses, String raw) {
    private static final Pattern REPEAT = Pattern.compile("\\{([^{}]+)\\*([0-9]+)}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-fA-F]{2})|([rnt\\\\]))");
    private static final String HOST = "Host: localhost\r\n";
    private static final Map<String, String> AUTHORIZATION = Map.of(
            "admin", "Authorization: " + Server.ADMIN + "\r\n",
            "device", "Authorization: " + Server.DEVICE + "\r\n",
            "nobody", "");
    private static final Map<String, String> WORDS = Map.of(
            "{H}",
            HOST,
            "{A}",
            "Authorization: " + Server.ADMIN + "\r\n",
            "{D}",
            "Authorization: " + Server.DEVICE + "\r\n",
            "{CANARY}",
            "DELETE /files/hostile-canary.bin HTTP/1.1\r\n" + HOST + "Authorization: " + Server.ADMIN + "\r\n\r\n",
            "{device-base64}",
            Server.DEVICE.substring("Basic ".length()),
            "{device-password}",
            Server.DEVICE_PASSWORD);

    /** The lines of a file, without the comments. */
    static List<String> lines(String file) {
        try (InputStream in = HostileRequest.class.getResourceAsStream("/hostile/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.startsWith("#") ? "" : line)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<HostileRequest> requests(String file) {
        return read(file, HostileRequest::request);
    }

    static List<HostileRequest> bytes(String file) {
        return read(file, text -> text + "GET /health/live HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
    }

    /** Sends it over a connection of its own, and returns all that comes until the server closes. */
    String send() throws IOException {
        try (SSLSocket socket = Server.connect("TLSv1.2", "TLSv1.3")) {
            socket.getOutputStream().write(raw.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return received(socket.getInputStream());
        }
    }

    @Override
    public String toString() {
        return where;
    }

    private static List<HostileRequest> read(String file, UnaryOperator<String> raw) {
        List<String> lines = lines(file);
        List<HostileRequest> requests = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.isEmpty()) {
                int space = line.indexOf(' ');
                String shown = line.length() > 100 ? line.substring(0, 100) + "..." : line;
                requests.add(new HostileRequest(
                        file + ":" + (i + 1) + " " + shown.replaceAll("[^ -~]", "?"),
                        statuses(line.substring(0, space)),
                        raw.apply(unescaped(line.substring(space + 1)))));
            }
        }
        return requests;
    }

    private static List<String> statuses(String text) {
        return text.equals("-") ? List.of() : List.of(text.split("\\+"));
    }

    private static String request(String text) {
        String[] headAndBody = (text + " ").split(" \\|\\| ", 2);
        String[] lines = headAndBody[0].split(" \\| ");
        String[] first = lines[0].stripTrailing().split(" ", 2);
        StringBuilder raw = new StringBuilder(first[1]).append(" HTTP/1.1\r\n").append(HOST);
        raw.append(AUTHORIZATION.get(first[0]));
        for (int i = 1; i < lines.length; i++) {
            raw.append(lines[i].stripTrailing()).append("\r\n");
        }
        // Of what was added for the sake of an empty body, nothing is left.
        String body = headAndBody.length > 1 ? headAndBody[1].replaceFirst(" $", "") : "";
        if (headAndBody.length > 1) {
            raw.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return raw + "Connection: close\r\n\r\n" + body;
    }

    private static String unescaped(String text) {
        String ascii = text;
        for (Map.Entry<String, String> word : WORDS.entrySet()) {
            ascii = ascii.replace(word.getKey(), word.getValue());
        }
        String repeated = REPEAT.matcher(ascii)
                .replaceAll(match -> Matcher.quoteReplacement(match.group(1).repeat(Integer.parseInt(match.group(2)))));
        return ESCAPE.matcher(repeated)
                .replaceAll(match -> Matcher.quoteReplacement(octet(match.group(1), match.group(2))));
    }

    private static String octet(@Nullable String hex, String letter) {
        if (hex != null) {
            return String.valueOf((char) Integer.parseInt(hex, 16));
        }
        return switch (letter) {
            case "r" -> "\r";
            case "n" -> "\n";
            case "t" -> "\t";
            default -> "\\";
        };
    }

    /** A server that has refused may close with a reset, after its answer. */
    private static String received(InputStream in) {
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                answers.write(buffer, 0, count);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the server keeps a connection open that it should close: " + answers, e);
        } catch (IOException e) {
            // What came is the answer.
        }
        return answers.toString(StandardCharsets.ISO_8859_1);
    }
}
