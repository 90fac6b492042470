package org.fuota.it;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether all that {@code /fleet} tells is true of the boards. */
final class FleetCheck {
    private static final List<String> STATES = List.of(
            "unseen",
            "waiting",
            "offered",
            "updated",
            "reverted",
            "stuck",
            "updated_silent",
            "silent",
            "unavailable",
            "discovered");

    private static final Pattern LINK = Pattern.compile("<" + SimulatedServer.CONTEXT + "([!-~]+)>; rel=\"next\"");

    /** In the order of their UTF-8, which isn't that of {@link String}. */
    private static final Comparator<String> BY_BYTES = (one, other) ->
            Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

    private final SimulatedServer server;
    private final Random random;
    private final Lies lies;
    private final TreeMap<String, VirtualBoard> boards = new TreeMap<>(BY_BYTES);

    FleetCheck(SimulatedServer server, Collection<VirtualBoard> all, Random random, Lies lies) {
        this.server = server;
        this.random = random;
        this.lies = lies;
        all.stream().filter(board -> !board.isAbsent()).forEach(board -> boards.put(board.id, board));
    }

    void checkDevices() {
        List<JsonObject> devices = JsonObject.parseList(server.json("/fleet"));
        lies.check(
                "ids",
                List.copyOf(boards.keySet()),
                devices.stream().map(device -> device.get("device_id")).toList());
        for (JsonObject device : devices) {
            VirtualBoard board = boards.get(device.get("device_id"));
            if (board != null) {
                check(board, device);
            }
        }
        lies.check(
                "CSV, as JSON",
                devices.stream()
                        .map(device -> List.copyOf(device.values().values()))
                        .toList(),
                server.csv("/fleet"));
    }

    private void check(VirtualBoard board, JsonObject device) {
        lies.check(board.toString(), board.truth(), device.values());
        String gap = device.get("usual_gap_seconds");
        List<Long> usual = board.usualGap();
        boolean isUsual = gap.isEmpty()
                ? usual.isEmpty()
                : !usual.isEmpty() && Long.parseLong(gap) >= usual.get(0) && Long.parseLong(gap) <= usual.get(1);
        lies.check(board + ", usual gap of " + usual + " isn't " + gap, true, isUsual);
        String evidence = device.get("evidence");
        boolean isSentence = evidence.matches("[a-z][ -~]+") && evidence.contains("two boards") == board.isClone();
        lies.check(board + ", evidence " + evidence, true, isSentence);
    }

    void checkFilters() {
        String state = random(boards.values(), VirtualBoard::state);
        checkFilter("state=" + state, board -> board.state().equals(state));
        String version = random(boards.values(), VirtualBoard::version);
        checkFilter(
                "version=" + VirtualBoard.encode(version),
                board -> board.version().equals(version));
        checkFilter("file=b.bin", board -> board.file().equals("b.bin"));
        String prefix = randomPrefix();
        checkFilter("prefix=" + VirtualBoard.encode(prefix), board -> board.id.startsWith(prefix));
        String after = random(boards.values(), board -> board.id);
        checkFilter("after=" + VirtualBoard.encode(after), board -> BY_BYTES.compare(board.id, after) > 0);
        checkFilter("clone=true", VirtualBoard::isClone);
        checkFilter(
                "version=1&file=a.bin&state=silent&clone=false",
                board -> board.version().equals("1")
                        && board.file().equals("a.bin")
                        && board.state().equals("silent")
                        && !board.isClone());
    }

    private void checkFilter(String query, Predicate<VirtualBoard> predicate) {
        lies.check(query, ids(predicate), firsts(server.csv("/fleet?" + query)));
    }

    void checkPages() {
        checkPages(300 + random.nextInt(700), "", board -> true);
        checkPages(
                20 + random.nextInt(50),
                "state=updated&",
                board -> board.state().equals("updated"));
        String prefix = randomPrefix();
        Predicate<VirtualBoard> isBelow = board -> board.id.startsWith(prefix);
        String query = "prefix=" + VirtualBoard.encode(prefix) + "&";
        checkPages(30 + random.nextInt(70), query, isBelow);
        // One page, which is full.
        checkPages(Math.max(1, ids(isBelow).size()), query, isBelow);
    }

    private void checkPages(int limit, String query, Predicate<VirtualBoard> predicate) {
        List<String> truth = ids(predicate);
        List<String> ids = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        String next = "/fleet?" + query + "limit=" + limit;
        while (!next.isEmpty()) {
            HttpResponse<String> page = server.get(next);
            List<String> pageIds = firsts(SimulatedServer.parse(page.body()));
            ids.addAll(pageIds);
            sizes.add(pageIds.size());
            Matcher link = LINK.matcher(page.headers().firstValue("Link").orElse(""));
            next = link.matches() ? link.group(1) : "";
        }
        lies.check("pages of " + query, truth, ids);
        lies.check(
                "number of pages of " + limit + ": " + sizes,
                Math.max(1, (truth.size() + limit - 1) / limit),
                sizes.size());
    }

    void checkCounts() {
        Map<String, Long> byState = count(VirtualBoard::state, board -> true);
        lies.check(
                "by state",
                STATES.stream()
                        .map(state -> List.of(state, String.valueOf(byState.getOrDefault(state, 0L))))
                        .toList(),
                server.csv("/fleet?by=state"));
        lies.check("by version", lines(count(VirtualBoard::version, board -> true)), server.csv("/fleet?by=version"));
        lies.check(
                "offered by version",
                lines(count(VirtualBoard::version, board -> board.state().equals("offered"))),
                server.csv("/fleet?by=version&state=offered"));
        lies.check(
                "by version, as JSON",
                server.csv("/fleet?by=version"),
                JsonObject.parseList(server.json("/fleet?by=version")).stream()
                        .map(count -> List.of(count.get("app_version"), count.get("devices")))
                        .toList());
    }

    private static List<List<String>> lines(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(count -> List.of(count.getKey(), String.valueOf(count.getValue())))
                .toList();
    }

    private Map<String, Long> count(Function<VirtualBoard, String> by, Predicate<VirtualBoard> predicate) {
        return boards.values().stream()
                .filter(predicate)
                .collect(Collectors.groupingBy(by, TreeMap::new, Collectors.counting()));
    }

    private List<String> ids(Predicate<VirtualBoard> predicate) {
        return boards.values().stream().filter(predicate).map(board -> board.id).toList();
    }

    private String randomPrefix() {
        return random(FleetSimulationIT.PREFIXES, prefix -> prefix);
    }

    /** One of the values, but none that is empty. */
    private <T> String random(Collection<T> from, Function<T, String> value) {
        List<String> values = from.stream()
                .map(value)
                .filter(text -> !text.isEmpty())
                .distinct()
                .toList();
        return values.get(random.nextInt(values.size()));
    }

    private static List<String> firsts(List<List<String>> lines) {
        return lines.stream().map(line -> line.get(0)).toList();
    }
}
