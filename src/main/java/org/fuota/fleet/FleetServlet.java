package org.fuota.fleet;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceId;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.evidence.FleetDevice;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.note.Note;
import org.fuota.note.NoteStore;
import org.fuota.poll.AssignedUpdate;
import org.fuota.poll.PollDesk;
import org.fuota.web.Listing;
import org.fuota.web.Requests;
import org.fuota.web.Responses;
import org.jspecify.annotations.Nullable;

/** {@code /fleet} lists or counts the devices with what is concluded about each; {@code /fleet/<id>} tells all of one. */
@SuppressWarnings("serial") // servlets are never serialized
public final class FleetServlet extends HttpServlet {
    private static final int MAX_EVENTS = 100;
    private static final int MAX_NOTES = 20;
    private static final int PAGE_DEVICES = 1000;

    private final Fleet fleet;
    private final HistoryStore history;
    private final NoteStore notes;
    private final PollDesk desk;
    private final RolloutOutcomes outcomes;
    private final BoardActs acts;
    private final Clock clock;

    public FleetServlet(
            Fleet fleet,
            HistoryStore history,
            NoteStore notes,
            PollDesk desk,
            RolloutOutcomes outcomes,
            BoardActs acts,
            Clock clock) {
        this.fleet = fleet;
        this.outcomes = outcomes;
        this.acts = acts;
        this.history = history;
        this.notes = notes;
        this.desk = desk;
        this.clock = clock;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String deviceId = Requests.path(request);
        switch ((deviceId.isEmpty() ? "all " : "one ") + request.getMethod()) {
            case "all GET", "all HEAD" -> list(request, response);
            case "one GET", "one HEAD" -> tell(deviceId, request, response);
            case "one DELETE" -> acts.forget(new DeviceId(deviceId), request, response, actor(request));
            case "one POST" -> act(deviceId, request, response);
            default -> methodNotAllowed(deviceId, response);
        }
    }

    /** Upon many boards; anything else by these names is done to the board that is called so. */
    private void act(String act, HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (act) {
            case "forget" -> acts.forget(request, response, actor(request));
            case "withdraw" -> acts.withdraw(request, response, actor(request));
            default -> methodNotAllowed(act, response);
        }
    }

    private static void methodNotAllowed(String deviceId, HttpServletResponse response) throws IOException {
        Responses.methodNotAllowed(
                response,
                switch (deviceId) {
                    case "" -> "GET, HEAD";
                    case "forget", "withdraw" -> "GET, HEAD, DELETE, POST";
                    default -> "GET, HEAD, DELETE";
                });
    }

    private static Actor actor(HttpServletRequest request) {
        return new Actor(String.valueOf(request.getRemoteUser()), request.getRemoteAddr());
    }

    private void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Map<String, String> parameters = Requests.query(request, FleetQuery.PARAMETERS);
        Instant now = clock.instant();
        FleetQuery query = FleetQuery.parse(parameters, now, outcomes);
        if (query.by() != null) {
            count(query, request, response);
            return;
        }
        List<FleetDevice> page = fleet.page(query, query.limit() > 0 ? query.limit() + 1 : PAGE_DEVICES);
        if (query.limit() > 0 && page.size() > query.limit()) {
            page = page.subList(0, query.limit());
            Responses.nextPage(request, response, next(parameters, query, page));
        }
        Listing listing = Listing.open(request, response, query.fields().toArray(String[]::new));
        if (query.hasHeader()) {
            listing.header();
        }
        while (!page.isEmpty()) {
            for (FleetDevice device : page) {
                listing.row(DeviceReport.line(query.fields(), device, now));
            }
            // Read page by page, so that no client holds a connection that polls need.
            page = query.limit() > 0
                    ? List.of()
                    : fleet.page(query.after(page.get(page.size() - 1).deviceId()), PAGE_DEVICES);
        }
        listing.end();
    }

    private static Map<String, String> next(Map<String, String> parameters, FleetQuery query, List<FleetDevice> page) {
        Map<String, String> next = new LinkedHashMap<>(parameters);
        if (query.offset() != null) {
            next.put("offset", String.valueOf(query.offset() + query.limit()));
        } else {
            next.put("after", page.get(page.size() - 1).deviceId());
        }
        return next;
    }

    private void count(FleetQuery query, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Where where = query.where();
        String by = Objects.requireNonNull(query.by());
        Map<String, Long> counts = switch (by) {
            case "state" -> fleet.countByState(where);
            case "version" -> fleet.countByVersion(where);
            case "image" -> fleet.countByImage(where);
            case "group" -> fleet.countByGroup(where);
            default -> fleet.countByImageFact(by, where);
        };
        String column = Map.of("version", "app_version", "image", "sha256").getOrDefault(by, by);
        Listing listing = Listing.open(request, response, column, "devices");
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            listing.row(count.getKey().isEmpty() ? null : count.getKey(), count.getValue());
        }
        listing.end();
    }

    private void tell(String deviceId, HttpServletRequest request, HttpServletResponse response) throws IOException {
        FleetDevice device = fleet.find(deviceId).orElseThrow(() -> unknown(deviceId));
        List<HistoryEvent> events = history.ofDevice(deviceId, MAX_EVENTS);
        List<NextPoll> nextPolls = ifValid(deviceId, DeviceId::new)
                .map(id -> nextPolls(id, device, events))
                .orElse(List.of());
        DeviceTags tags = fleet.tags(deviceId);
        List<Note> noted = notes.ofDevice(deviceId, MAX_NOTES);
        Map<String, @Nullable Object> fields =
                DeviceReport.fields(device, tags, nextPolls, noted, events, clock.instant());
        List<String> lines = new ArrayList<>(DeviceReport.lines(fields, tags, nextPolls, noted, events));
        String version = device.status() == null ? null : device.status().appVersion();
        ifValid(deviceId, DeviceId::new)
                .flatMap(id -> version == null
                        ? Optional.empty()
                        : ifValid(version, AppVersion::new).map(reported -> offer(id, reported)))
                .ifPresent(offer -> {
                    fields.put("offer", offer.fields());
                    lines.addAll(offer.lines());
                });
        Responses.answer(request, response, lines, fields);
    }

    /** An id that no device can have is only looked for because an older server's database may hold it. */
    private static FuotaException unknown(String deviceId) {
        return new FuotaException(
                ErrorCode.NOT_FOUND,
                "device " + Printable.of(new DeviceId(deviceId).value())
                        + " has neither an assignment nor ever polled");
    }

    private OfferReport offer(DeviceId deviceId, AppVersion version) {
        return new OfferReport(
                desk.wouldAnswer(deviceId, desk.assigned(deviceId), version), desk.objections(deviceId, version));
    }

    private List<NextPoll> nextPolls(DeviceId deviceId, FleetDevice device, List<HistoryEvent> events) {
        Stream<String> fromHistory = events.stream()
                .filter(event -> Set.of(EventKind.SEEN, EventKind.VERSION, EventKind.UPDATED, EventKind.REVERTED)
                        .contains(event.kind()))
                .flatMap(event -> Stream.of(event.after(), event.before()));
        Optional<AssignedUpdate> assigned = desk.assigned(deviceId);
        List<NextPoll> nextPolls = new ArrayList<>();
        Stream.concat(
                        Stream.of(
                                device.status() == null ? null : device.status().appVersion(),
                                device.row() == null ? null : device.row().appVersion()),
                        fromHistory)
                .filter(Objects::nonNull)
                .distinct()
                .flatMap(version -> ifValid(version, AppVersion::new).stream())
                .forEach(version ->
                        nextPolls.add(new NextPoll(version.value(), desk.wouldAnswer(deviceId, assigned, version))));
        nextPolls.add(new NextPoll(
                null,
                desk.wouldAnswer(
                        deviceId, assigned, new AppVersion(UUID.randomUUID().toString()))));
        return nextPolls;
    }

    /** Empty for what an older server's database may hold, and no board can be or report. */
    private static <T> Optional<T> ifValid(String text, Function<String, T> value) {
        try {
            return Optional.of(value.apply(text));
        } catch (FuotaException e) {
            return Optional.empty();
        }
    }
}
