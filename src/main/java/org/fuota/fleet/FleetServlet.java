package org.fuota.fleet;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
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
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceId;
import org.fuota.device.UpdateCheck;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.history.Actor;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.http.Listing;
import org.fuota.http.Requests;
import org.fuota.http.Responses;

/** {@code /fleet} lists or counts the devices with what is concluded about each; {@code /fleet/<id>} tells all of one. */
@SuppressWarnings("serial") // servlets are never serialized
public final class FleetServlet extends HttpServlet {
    private static final Logger LOG = Logger.getLogger(FleetServlet.class.getName());
    private static final int MAX_EVENTS = 100;

    private final Fleet fleet;
    private final HistoryStore history;
    private final PollRecorder recorder;
    private final UpdateCheck updateCheck;
    private final Clock clock;

    public FleetServlet(
            Fleet fleet, HistoryStore history, PollRecorder recorder, UpdateCheck updateCheck, Clock clock) {
        this.fleet = fleet;
        this.history = history;
        this.recorder = recorder;
        this.updateCheck = updateCheck;
        this.clock = clock;
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
            case "GET" -> list(request, response);
            default -> Responses.methodNotAllowed(response, "GET");
        }
    }

    private void serveOne(String deviceId, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        switch (request.getMethod()) {
            case "GET" -> tell(new DeviceId(deviceId), request, response);
            case "DELETE" -> forget(new DeviceId(deviceId), request, response);
            default -> Responses.methodNotAllowed(response, "GET, DELETE");
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
        recorder.flush();
        if (by != null) {
            requireNoPage(query);
            count(by, filter, request, response);
        } else if (filter.limit() > 0) {
            page(filter, view, query, request, response);
        } else {
            Instant now = clock.instant();
            Listing listing = Listing.open(request, response, view.columns());
            fleet.forEach(filter, (device, conclusion) -> {
                listing.row(DeviceReport.line(view.fields(), device, conclusion, now));
                return true;
            });
            listing.end();
        }
    }

    private void page(
            FleetFilter filter,
            FleetView view,
            Map<String, String> query,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Instant now = clock.instant();
        // One more, which tells whether there is a next page.
        List<FleetDevice> devices = new ArrayList<>(view.page(filter.limit() + 1, fleet, filter));
        if (devices.size() > filter.limit()) {
            devices.remove(filter.limit());
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
            listing.row(DeviceReport.line(view.fields(), device, fleet.conclude(device), now));
        }
        listing.end();
    }

    private void count(String by, FleetFilter filter, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!by.equals("state") && !by.equals("version")) {
            throw new FuotaException(ErrorCode.INVALID, "by must be state or version");
        }
        boolean isByState = by.equals("state");
        Map<String, Long> counts = isByState ? Fleet.noneByState() : new TreeMap<>();
        fleet.forEach(filter, (device, conclusion) -> {
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

    private void tell(DeviceId deviceId, HttpServletRequest request, HttpServletResponse response) throws IOException {
        recorder.flush();
        FleetDevice device = fleet.find(deviceId.value())
                .orElseThrow(() -> new FuotaException(
                        ErrorCode.NOT_FOUND,
                        "device " + Printable.of(deviceId.value()) + " has neither a row nor ever polled"));
        List<HistoryEvent> events = history.ofDevice(deviceId.value(), MAX_EVENTS);
        List<NextPoll> nextPolls = nextPolls(deviceId, device, events);
        Map<String, Object> fields =
                DeviceReport.fields(device, fleet.conclude(device), nextPolls, events, clock.instant());
        Responses.answer(request, response, DeviceReport.lines(fields, nextPolls, events), fields);
    }

    private List<NextPoll> nextPolls(DeviceId deviceId, FleetDevice device, List<HistoryEvent> events) {
        Stream<String> fromHistory = events.stream()
                .filter(event ->
                        Set.of("seen", "version", "updated", "reverted").contains(event.event()))
                .flatMap(event -> Stream.of(event.after(), event.before()));
        List<NextPoll> nextPolls = new ArrayList<>();
        Stream.concat(
                        Stream.of(
                                device.status() == null ? null : device.status().appVersion(),
                                device.row() == null ? null : device.row().appVersion()),
                        fromHistory)
                .filter(Objects::nonNull)
                .distinct()
                .flatMap(version -> ifReportable(version).stream())
                .forEach(version -> nextPolls.add(new NextPoll(version.value(), updateCheck.check(deviceId, version))));
        nextPolls.add(new NextPoll(
                null,
                updateCheck.check(deviceId, new AppVersion(UUID.randomUUID().toString()))));
        return nextPolls;
    }

    /** Empty for what an older server's database may hold, and no board can report. */
    private static Optional<AppVersion> ifReportable(String version) {
        try {
            return Optional.of(new AppVersion(version));
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
