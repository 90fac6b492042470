package org.fuota.it;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether all that {@code /fleet/<id>} tells is true of a board. */
final class DeviceCheck {
    private final SimulatedServer server;
    private final Lies lies;

    DeviceCheck(SimulatedServer server, Lies lies) {
        this.server = server;
        this.lies = lies;
    }

    void check(VirtualBoard board) {
        String path = "/fleet/" + VirtualBoard.encode(board.id);
        if (board.isAbsent()) {
            lies.check(path, 404, server.get(path).statusCode());
            lies.check("DELETE " + path, 404, server.send("DELETE", path).statusCode());
            return;
        }
        JsonObject device = JsonObject.parse(server.json(path));
        List<JsonObject> observed = device.lists().get("history").stream()
                .filter(event -> event.get("user").isEmpty())
                .toList();
        lies.check(board.toString(), board.truth(), device.values());
        lies.check(board.toString(), board.closeTruth(), device.values());
        lies.check(
                board + ", history, newest first",
                board.history(),
                observed.stream().map(DeviceCheck::text).toList());
        checkTimes(board, device, observed);
        board.foretell(nextPolls(device));
    }

    /** An event is of a poll, and no earlier than the one before; and what is told of the last offer is of its events. */
    private void checkTimes(VirtualBoard board, JsonObject device, List<JsonObject> newestFirst) {
        List<String> times = newestFirst.stream().map(event -> event.get("at")).toList();
        lies.check(
                board + ", order of history",
                times.stream().sorted(Comparator.reverseOrder()).toList(),
                times);
        times.forEach(time -> lies.check(board + ", polled at " + time, true, board.hasPolledAt(time)));
        lies.check(board.toString(), lastOffer(newestFirst), device.values());
    }

    private static Map<String, String> lastOffer(List<JsonObject> newestFirst) {
        Map<String, String> offer = new LinkedHashMap<>(
                Map.of("updated_version", "", "updated_at", "", "reverted_at", "", "offered_since", ""));
        for (JsonObject event : newestFirst) {
            switch (event.get("event")) {
                case "offered" -> {
                    offer.put("offered_since", event.get("at"));
                    return offer;
                }
                case "updated" -> {
                    if (offer.get("updated_at").isEmpty()) {
                        offer.put("updated_at", event.get("at"));
                        offer.put("updated_version", event.get("after"));
                    }
                }
                case "reverted" -> {
                    if (offer.get("updated_at").isEmpty()
                            && offer.get("reverted_at").isEmpty()) {
                        offer.put("reverted_at", event.get("at"));
                    }
                }
                default -> {}
            }
        }
        return offer;
    }

    private static Map<@Nullable String, Integer> nextPolls(JsonObject device) {
        Map<@Nullable String, Integer> statuses = new HashMap<>();
        for (JsonObject next : device.lists().get("next_poll")) {
            String version = next.get("app_version");
            statuses.put(version.isEmpty() ? null : version, Integer.valueOf(next.get("status")));
        }
        return statuses;
    }

    /** Such as {@code updated 1>2}, and {@code seen 1} where nothing was before. */
    private static String text(JsonObject event) {
        String change = event.get("before").isEmpty() ? "" : event.get("before") + ">";
        return (event.get("event") + " " + change + event.get("after")).strip();
    }
}
