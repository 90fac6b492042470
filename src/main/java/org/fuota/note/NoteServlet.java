package org.fuota.note;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Logger;
import org.fuota.device.DeviceId;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.history.Actor;
import org.fuota.web.Listing;
import org.fuota.web.PlainText;
import org.fuota.web.Requests;
import org.fuota.web.Responses;

/** {@code /notes} are all; {@code /notes/<id>} those about a device, and where one is added; {@code /notes/<id>/<number>} is one. */
@SuppressWarnings("serial") // servlets are never serialized
public final class NoteServlet extends HttpServlet {
    private static final Logger LOG = Logger.getLogger(NoteServlet.class.getName());
    private static final int MAX_CHARACTERS = 1_000;
    private static final int MAX_BYTES = 4_096;
    private static final int PAGE = 500;

    private final NoteStore notes;
    private final Clock clock;

    public NoteServlet(NoteStore notes, Clock clock) {
        this.notes = notes;
        this.clock = clock;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = Requests.path(request);
        int slash = path.indexOf('/');
        String deviceId = slash < 0 ? path : path.substring(0, slash);
        String what = path.isEmpty() ? "all " : slash < 0 ? "device " : "one ";
        switch (what + request.getMethod()) {
            case "all GET", "all HEAD" -> list(request, response);
            case "device GET", "device HEAD" -> list(new DeviceId(deviceId), request, response);
            case "device POST" -> add(new DeviceId(deviceId), request, response);
            case "one DELETE" -> delete(new DeviceId(deviceId), path.substring(slash + 1), request, response);
            default ->
                Responses.methodNotAllowed(
                        response,
                        what.equals("all ") ? "GET, HEAD" : what.equals("device ") ? "GET, HEAD, POST" : "DELETE");
        }
    }

    private void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Requests.query(request, Set.of());
        Listing listing = open(request, response);
        List<Note> page = notes.after(0, PAGE);
        while (!page.isEmpty()) {
            for (Note note : page) {
                add(note, listing);
            }
            // Page by page, so that no client holds a connection that polls need.
            page = notes.after(page.get(page.size() - 1).number(), PAGE);
        }
        listing.end();
    }

    private void list(DeviceId deviceId, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Requests.query(request, Set.of());
        List<Note> all = notes.ofDevice(deviceId.value(), NoteStore.MAX_OF_DEVICE);
        Listing listing = open(request, response);
        for (Note note : all) {
            add(note, listing);
        }
        listing.end();
    }

    private static Listing open(HttpServletRequest request, HttpServletResponse response) throws IOException {
        return Listing.open(request, response, "number", "device_id", "at", "user", "remote_addr", "text");
    }

    private static void add(Note note, Listing listing) throws IOException {
        listing.row(note.number(), note.deviceId(), note.at(), note.user(), note.remoteAddress(), note.text());
    }

    private void add(DeviceId deviceId, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Requests.query(request, Set.of());
        Note note =
                notes.add(deviceId.value(), text(PlainText.body(request, MAX_BYTES)), actor(request), clock.instant());
        String sentence = "note " + note.number() + " on device " + Printable.of(note.deviceId()) + " is kept";
        LOG.info(() -> Requests.describe(request) + ": " + sentence);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("number", note.number());
        fields.put("device_id", note.deviceId());
        fields.put("at", note.at());
        fields.put("user", note.user());
        fields.put("remote_addr", note.remoteAddress());
        fields.put("text", note.text());
        Responses.answer(request, response, List.of(sentence), fields);
    }

    /** As it is kept; {@link ErrorCode#INVALID} when it is none. */
    static String text(String body) {
        String text = body.replace("\r\n", "\n").strip();
        int characters = text.codePointCount(0, text.length());
        if (characters == 0 || characters > MAX_CHARACTERS) {
            throw new FuotaException(
                    ErrorCode.INVALID, "the note has " + characters + " characters, and must have 1 to 1,000");
        }
        text.codePoints()
                .filter(character -> character != '\n' && PlainText.isUnseen(character))
                .findFirst()
                .ifPresent(character -> {
                    throw new FuotaException(
                            ErrorCode.INVALID,
                            "the note has a character that can't be seen: U+%04X".formatted(character));
                });
        return text;
    }

    private void delete(DeviceId deviceId, String number, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Requests.query(request, Set.of());
        String sentence = "note " + Printable.of(number) + " on device " + Printable.of(deviceId.value());
        boolean isNumber = number.matches("[1-9][0-9]{0,17}");
        if (!isNumber || !notes.delete(deviceId.value(), Long.parseLong(number), actor(request), clock.instant())) {
            throw new FuotaException(ErrorCode.NOT_FOUND, "there is no " + sentence);
        }
        LOG.info(() -> Requests.describe(request) + ": deleted");
        Responses.sentence(response, sentence + " is deleted");
    }

    private static Actor actor(HttpServletRequest request) {
        return new Actor(String.valueOf(request.getRemoteUser()), request.getRemoteAddr());
    }
}
