package org.fuota.fleet;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.web.Listing;
import org.fuota.web.Requests;
import org.fuota.web.Responses;

/** {@code GET /fleet/history?from=&to=&by=&every=} lists how many boards there were in each hour, or at the end of each day. */
@SuppressWarnings("serial") // servlets are never serialized
public final class FleetHistoryServlet extends HttpServlet {
    private static final Duration LAST = Duration.ofDays(7);
    private static final int PAGE_DAYS = 10;

    private final FleetHistory history;

    public FleetHistoryServlet(FleetHistory history) {
        this.history = history;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Requests.path(request);
        switch (request.getMethod()) {
            case "GET", "HEAD" -> list(request, response);
            default -> Responses.methodNotAllowed(response, "GET, HEAD");
        }
    }

    private void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Map<String, String> query = Requests.query(request, Set.of("from", "to", "by", "every"));
        FleetHistory.By by = by(query.getOrDefault("by", FleetHistory.By.STATE.label()));
        Instant to = QueryTime.find(query, "to").orElseGet(history::now);
        Instant from = QueryTime.find(query, "from").orElseGet(() -> to.minus(LAST));
        if (!from.isBefore(to)) {
            throw invalid("from must be before to" + (query.containsKey("to") ? "" : ", which is now"));
        }
        boolean isByDay = isByDay(query);
        List<Instant> days = isByDay ? history.lastHours(by, from, to) : List.of();
        List<FleetHistoryStore.Count> page = isByDay ? List.of() : history.first(by, from, to);
        Listing listing = Listing.open(request, response, columns(by));
        listing.header();
        // The last are the oldest, of 100 counts at most each.
        for (int rest = days.size(); rest > 0; rest -= PAGE_DAYS) {
            for (FleetHistoryStore.Count count : history.of(by, days.subList(Math.max(0, rest - PAGE_DAYS), rest))) {
                add(listing, count);
            }
        }
        while (!page.isEmpty()) {
            for (FleetHistoryStore.Count count : page) {
                add(listing, count);
            }
            // Page by page, so that no client holds a connection that polls need.
            page = history.after(page.get(page.size() - 1), to);
        }
        listing.end();
    }

    private static boolean isByDay(Map<String, String> query) {
        return switch (query.getOrDefault("every", "hour")) {
            case "hour" -> false;
            case "day" -> true;
            default -> throw invalid("every must be hour or day");
        };
    }

    private static FleetHistory.By by(String text) {
        return Arrays.stream(FleetHistory.By.values())
                .filter(by -> by.label().equals(text))
                .findFirst()
                .orElseThrow(() -> invalid("by must be one of "
                        + Arrays.stream(FleetHistory.By.values())
                                .map(FleetHistory.By::label)
                                .collect(Collectors.joining(", "))));
    }

    private static String[] columns(FleetHistory.By by) {
        return switch (by) {
            case STATE -> new String[] {"at", "state", "devices"};
            case VERSION -> new String[] {"at", "app_version", "devices"};
            case ROLLOUT -> new String[] {"at", "rollout", "offered", "updated", "failed", "pending"};
        };
    }

    private static void add(Listing listing, FleetHistoryStore.Count count) throws IOException {
        String name = count.name().isEmpty() ? null : count.name();
        if (count.by() == FleetHistory.By.ROLLOUT) {
            listing.row(count.hour(), name, count.boards(), count.updated(), count.failed(), count.pending());
        } else {
            listing.row(count.hour(), name, count.boards());
        }
    }

    private static FuotaException invalid(String sentence) {
        return new FuotaException(ErrorCode.INVALID, sentence);
    }
}
