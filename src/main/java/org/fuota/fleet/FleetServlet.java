package org.fuota.fleet;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceId;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.poll.AssignedUpdate;
import org.fuota.poll.PollDesk;
import org.fuota.poll.UpdateCheck;
import org.fuota.web.Listing;
import org.fuota.web.Requests;
import org.fuota.web.Responses;

/** {@code /fleet} lists or counts the devices with what is concluded about each; {@code /fleet/<id>} tells all of one. */
@SuppressWarnings("serial") // servlets are never serialized
public final class FleetServlet extends HttpServlet {
    private static final Logger LOG = Logger.getLogger(FleetServlet.class.getName());
    private static final int MAX_EVENTS = 100;

    private final Fleet fleet;
    private final HistoryStore history;
    private final PollRecorder recorder;
    private final PollDesk desk;

    public FleetServlet(Fleet fleet, HistoryStore history, PollRecorder recorder, PollDesk desk) {
        this.fleet = fleet;
        this.history = history;
        this.recorder = recorder;
        this.desk = desk;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String deviceId = Requests.path(request);
        if (deviceId.isEmpty()) {
            serveAll(request, response);
        } else {
            serveOne(deviceId, request, response);
        }
    }

    private void serveAll(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getMethod()) {
            case "GET", "HEAD" -> list(request, response);
            default -> Responses.methodNotAllowed(response, "GET, HEAD");
        }
    }

    private void serveOne(String deviceId, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        switch (request.getMethod()) {
            case "GET", "HEAD" -> tell(deviceId, request, response);
            case "DELETE" -> forget(new DeviceId(deviceId), request, response);
            default -> Responses.methodNotAllowed(response, "GET, HEAD, DELETE");
        }
    }

    private void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Set<String> allowed = new LinkedHashSet<>(FleetFilter.PARAMETERS);
        allowed.addAll(FleetView.PARAMETERS);
        allowed.add("by");
        Map<String, String> query = Requests.query(request, allowed);
        FleetFilter filter = FleetFilter.parse(query);
        FleetView view = FleetView.parse(query);
        String by = query.get("by");
        // So that whoever looks sees all that was polled until now; if it can't be written, what was written.
        recorder.refresh();
        Moment now = fleet.now();
        if (by != null) {
            requireNoPage(query);
            count(by, filter, now, request, response);
        } else if (filter.limit() > 0) {
            page(filter, view, now, query, request, response);
        } else {
            Listing listing = Listing.open(request, response, view.columns());
            fleet.forEach(filter, now, (device, conclusion) -> {
                listing.row(DeviceReport.line(view.fields(), device, conclusion, now.at()));
                return true;
            });
            listing.end();
        }
    }

    private void page(
            FleetFilter filter,
            FleetView view,
            Moment now,
            Map<String, String> query,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        FleetView.Page page = view.page(filter.limit(), fleet, filter, now);
        List<FleetDevice> devices = page.devices();
        if (page.hasNext()) {
            Map<String, String> next = new LinkedHashMap<>(query);
            if (FleetView.isByOffset(query)) {
                next.put("offset", String.valueOf(view.offset() + filter.limit()));
            } else {
                next.put("after", devices.get(filter.limit() - 1).deviceId());
            }
            response.setHeader("Link", "<" + request.getRequestURI() + "?" + encode(next) + ">; rel=\"next\"");
        }
        Listing listing = Listing.open(request, response, view.columns());
        for (FleetDevice device : devices) {
            listing.row(DeviceReport.line(view.fields(), device, fleet.conclude(device, now), now.at()));
        }
        listing.end();
    }

    private void count(
            String by, FleetFilter filter, Moment now, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!by.equals("state") && !by.equals("version")) {
            throw new FuotaException(ErrorCode.INVALID, "by must be state or version");
        }
        boolean isByState = by.equals("state");
        Map<String, Long> counts = isByState ? Fleet.noneByState() : new TreeMap<>();
        fleet.forEach(filter, now, (device, conclusion) -> {
            String version = device.status() == null ? null : device.status().appVersion();
            counts.merge(
                    isByState ? conclusion.state().label() : Objects.requireNonNullElse(version, ""), 1L, Long::sum);
            return true;
        });
        Listing listing = Listing.open(request, response, isByState ? "state" : "app_version", "devices");
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            listing.row(count.getKey().isEmpty() ? null : count.getKey(), count.getValue());
        }
        listing.end();
    }

    private static void requireNoPage(Map<String, String> query) {
        if (query.containsKey("after") || query.containsKey("limit") || query.containsKey("fields")) {
            throw new FuotaException(
                    ErrorCode.INVALID, "counts have no pages: by goes with neither after nor limit nor fields");
        }
    }

    private void tell(String deviceId, HttpServletRequest request, HttpServletResponse response) throws IOException {
        recorder.refresh();
        Moment now = fleet.now();
        FleetDevice device = fleet.find(deviceId).orElseThrow(() -> unknown(deviceId));
        List<HistoryEvent> events = history.ofDevice(deviceId, MAX_EVENTS);
        List<NextPoll> nextPolls = ifValid(deviceId, DeviceId::new)
                .map(id -> nextPolls(id, device, events))
                .orElse(List.of());
        Map<String, Object> fields =
                DeviceReport.fields(device, fleet.conclude(device, now), nextPolls, events, now.at());
        Responses.answer(request, response, DeviceReport.lines(fields, nextPolls, events), fields);
    }

    /** An id that no device can have is only looked for because an older server's database may hold it. */
    private static FuotaException unknown(String deviceId) {
        return new FuotaException(
                ErrorCode.NOT_FOUND,
                "device " + Printable.of(new DeviceId(deviceId).value()) + " has neither a row nor ever polled");
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
                .forEach(
                        version -> nextPolls.add(new NextPoll(version.value(), UpdateCheck.decide(assigned, version))));
        nextPolls.add(new NextPoll(
                null,
                UpdateCheck.decide(assigned, new AppVersion(UUID.randomUUID().toString()))));
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

    private void forget(DeviceId deviceId, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String device = "device " + Printable.of(deviceId.value());
        // Or what is still in memory would bring it back.
        recorder.flush();
        Actor actor = new Actor(String.valueOf(request.getRemoteUser()), request.getRemoteAddr());
        if (!fleet.forget(deviceId.value(), actor)) {
            throw new FuotaException(ErrorCode.NOT_FOUND, device + " never polled");
        }
        LOG.info(() -> Requests.describe(request) + ": forgotten");
        Responses.sentence(response, device + " is forgotten");
    }

    private static String encode(Map<String, String> query) {
        return query.entrySet().stream()
                .map(parameter -> parameter.getKey() + "="
                        + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8)
                                .replace("+", "%20"))
                .collect(Collectors.joining("&"));
    }
}
