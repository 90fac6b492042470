package org.fuota.rollout;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Logger;
import org.fuota.device.BoardsReport;
import org.fuota.device.BoardsRequest;
import org.fuota.device.DeviceId;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.web.Listing;
import org.fuota.web.Requests;
import org.fuota.web.Responses;

/** {@code /groups} lists them; {@code /groups/<name>} is one, and {@code /groups/<name>/<id>} a board in it. */
@SuppressWarnings("serial") // servlets are never serialized
public final class GroupServlet extends HttpServlet {
    private static final Logger LOG = Logger.getLogger(GroupServlet.class.getName());
    private static final int PAGE = 1_000;

    private final Rollouts rollouts;

    public GroupServlet(Rollouts rollouts) {
        this.rollouts = rollouts;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = Requests.path(request);
        int slash = path.indexOf('/');
        String what = path.isEmpty()
                ? "all "
                : slash < 0 ? "one " : path.substring(slash).equals("/leave") ? "leave " : "board ";
        switch (what + request.getMethod()) {
            case "all GET", "all HEAD" -> list(request, response);
            case "one GET", "one HEAD" -> tell(new RolloutName(path), request, response);
            case "one PUT" -> join(new RolloutName(path), request, response);
            case "one DELETE" -> disband(new RolloutName(path), request, response);
            case "leave POST" -> leaveMany(new RolloutName(path.substring(0, slash)), request, response);
            // A board may be called leave.
            case "board DELETE", "leave DELETE" ->
                leave(
                        new RolloutName(path.substring(0, slash)),
                        new DeviceId(path.substring(slash + 1)),
                        request,
                        response);
            default ->
                Responses.methodNotAllowed(
                        response,
                        switch (what) {
                            case "all " -> "GET, HEAD";
                            case "one " -> "GET, HEAD, PUT, DELETE";
                            case "leave " -> "DELETE, POST";
                            default -> "DELETE";
                        });
        }
    }

    private void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Requests.query(request, Set.of());
        Listing listing = Listing.open(request, response, "name", "boards");
        for (Map.Entry<String, Long> group : rollouts.groups().store().counts().entrySet()) {
            listing.row(group.getKey(), group.getValue());
        }
        listing.end();
    }

    private void tell(RolloutName name, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Map<String, String> query = Requests.query(request, Set.of("after", "limit"));
        int limit = query.containsKey("limit") ? limit(query.get("limit")) : 0;
        List<String> page = rollouts.groups()
                .store()
                .idsAfter(name.value(), query.getOrDefault("after", ""), limit > 0 ? limit + 1 : PAGE);
        if (page.isEmpty() && !rollouts.groups().store().exists(name.value())) {
            throw unknown(name);
        }
        if (limit > 0 && page.size() > limit) {
            page = page.subList(0, limit);
            Map<String, String> next = new LinkedHashMap<>();
            next.put("after", page.get(limit - 1));
            next.put("limit", String.valueOf(limit));
            Responses.nextPage(request, response, next);
        }
        Listing listing = Listing.open(request, response, "device_id");
        while (!page.isEmpty()) {
            for (String deviceId : page) {
                listing.row(deviceId);
            }
            // Page by page, so that no client holds a connection that polls need.
            page = limit > 0
                    ? List.of()
                    : rollouts.groups().store().idsAfter(name.value(), page.get(page.size() - 1), PAGE);
        }
        listing.end();
    }

    private static int limit(String text) {
        if (!text.matches("[1-9][0-9]{0,4}") || Integer.parseInt(text) > PAGE) {
            throw new FuotaException(ErrorCode.INVALID, "limit must be a number from 1 to " + PAGE);
        }
        return Integer.parseInt(text);
    }

    private void join(RolloutName name, HttpServletRequest request, HttpServletResponse response) throws IOException {
        BoardsReport report = rollouts.groups().join(name, BoardsRequest.read(request), RolloutServlet.actor(request));
        BoardsRequest.answer(request, response, report, "put into group " + name.value(), "are in it already");
    }

    private void leaveMany(RolloutName name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        BoardsReport report = rollouts.groups().leave(name, BoardsRequest.read(request), RolloutServlet.actor(request));
        BoardsRequest.answer(request, response, report, "taken out of group " + name.value(), "aren't in it");
    }

    private void leave(RolloutName name, DeviceId deviceId, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (rollouts.groups().leave(name, List.of(deviceId.value()), RolloutServlet.actor(request)) == 0) {
            throw new FuotaException(
                    ErrorCode.NOT_FOUND, "board " + Printable.of(deviceId.value()) + " isn't in group " + name.value());
        }
        answer(request, response, 1, "board " + Printable.of(deviceId.value()) + " left group " + name.value());
    }

    private void disband(RolloutName name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        int left = rollouts.groups().disband(name, RolloutServlet.actor(request));
        if (left == 0) {
            throw unknown(name);
        }
        answer(request, response, left, "group " + name.value() + " is gone; " + boards(left) + " were in it");
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response, int changed, String sentence)
            throws IOException {
        if (changed > 0) {
            LOG.info(() -> Requests.describe(request) + ": " + sentence);
        }
        Responses.answer(request, response, List.of(sentence), Map.of("boards", changed));
    }

    private static String boards(int count) {
        return count + (count == 1 ? " board" : " boards");
    }

    private static FuotaException unknown(RolloutName name) {
        return new FuotaException(ErrorCode.NOT_FOUND, "there is no group " + name.value());
    }
}
