package org.fuota.it;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.fuota.it.BoardConnection.Answer;
import org.fuota.it.Life.Action;
import org.fuota.it.Life.Line;
import org.fuota.it.Life.Pace;
import org.jspecify.annotations.Nullable;

/** A board that lives its script, and what is true of it. */
final class VirtualBoard {
    private static final int RECENT_GAPS = 5;
    private static final int NEEDED_GAPS = 3;

    final String id;
    final Life life;
    private final Pace pace;
    private final String ownFile;
    private String content = "";
    private final Random random;

    private Line line = new Line(List.of(), "absent", 0, false, List.of());
    private String address = "127.0.0.1";
    private @Nullable String lastAddress;
    private @Nullable Instant firstSeen;
    private @Nullable Instant lastSeen;
    private @Nullable String version;
    private @Nullable Instant versionSince;
    private @Nullable String answer;
    private @Nullable Instant answerSince;
    private @Nullable String offeredFile;
    private @Nullable String offeredTo;
    private @Nullable Instant offeredLast;
    private @Nullable String rowVersion;
    private @Nullable String rowFile;
    private @Nullable Instant assignedAt;
    private @Nullable Instant begunAt;
    private long polls;
    private final List<Long> gaps = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final Set<Instant> times = new HashSet<>();
    private final Map<@Nullable String, Integer> foretold = new LinkedHashMap<>();

    /** Something that a board, or a developer, does at a time. */
    record Deed(Instant at, VirtualBoard board, Action action, boolean isBeginning) {}

    VirtualBoard(Life life, int number, String prefix, Random random) {
        String name = life.name().replace(' ', '-') + "-" + number;
        this.id = prefix + name;
        this.life = life;
        this.pace = life.paces().get(number % life.paces().size());
        this.ownFile = "own/" + name;
        this.random = random;
    }

    /** What happens in a phase that ends then. After its last line a board does nothing, and nothing changes. */
    List<Deed> plan(int phase, Instant end) {
        if (phase >= life.lines().size()) {
            line = line.quiet();
            return List.of();
        }
        line = life.lines().get(phase);
        Duration length = Duration.ZERO;
        List<Duration> starts = new ArrayList<>();
        for (Action action : line.actions()) {
            for (int i = 0; i < action.times(); i++) {
                length = length.plus(length(action));
                starts.add(length);
            }
        }
        Action last = line.actions().get(line.actions().size() - 1);
        // In tenths, so that many boards do something at the same time.
        Instant start = end.minus(length)
                .minus(last.verb().equals("wait") ? Duration.ZERO : tenths(pace.gap(), random.nextInt(10)));
        if (start.isBefore(end.minus(FleetSimulationIT.PHASE))) {
            throw new IllegalArgumentException(this + " takes longer than a phase");
        }
        List<Deed> deeds = new ArrayList<>();
        for (Action action : line.actions()) {
            for (int i = 0; i < action.times(); i++) {
                deeds.add(new Deed(start.plus(starts.get(deeds.size())), this, action, action.isBeginning() && i == 0));
            }
        }
        return deeds;
    }

    /** All of the line has been done. */
    void endPhase() {
        line.events().forEach(event -> events.add(event.replace("own.bin", ownFile)));
    }

    private Duration length(Action action) {
        return switch (action.verb()) {
            case "poll" -> pace.gap().plus(tenths(pace.jitter(), 10 * (random.nextInt(3) - 1)));
            case "wait" -> Life.duration(action.words().get(0));
            default -> Duration.ZERO;
        };
    }

    private static Duration tenths(Duration duration, int tenths) {
        return duration.multipliedBy(tenths).dividedBy(10);
    }

    void act(Deed deed, Wire wire, SimulatedServer server) throws IOException {
        List<String> words = deed.action().words();
        if (deed.isBeginning()) {
            begunAt = deed.at();
        }
        switch (deed.action().verb()) {
            case "poll" -> poll(words, deed.at(), wire);
            case "from" -> address = words.get(0);
            case "assign" -> assign(words.get(0), words.get(1).equals("own.bin") ? ownFile : words.get(1), deed, wire);
            case "withdraw" -> {
                manage("DELETE", "/devices/" + encode(id), "", wire);
                rowVersion = null;
                rowFile = null;
                assignedAt = null;
            }
            case "upload" -> {
                content = words.get(0) + " for " + id;
                manage("PUT", "/files/" + ownFile, content, wire);
            }
            case "remove" -> Files.delete(server.blob(content));
            case "forget" -> forget(wire);
            case "wait", "quiet" -> {}
            default -> throw new IllegalArgumentException(deed.action().verb());
        }
    }

    private void poll(List<String> words, Instant now, Wire wire) throws IOException {
        boolean isMalformed = words.isEmpty();
        String query = isMalformed ? "" : "?app_ver=" + encode(words.get(0));
        Answer told = wire.send(address, "GET", "/devices/" + encode(id) + query, Server.DEVICE, "");
        if (!isMalformed) {
            foretell(words.get(0), told.status());
        }
        String answered = switch (told.status()) {
            case 200 -> "offered";
            case 204 -> "no_update";
            case 400 -> "malformed";
            case 404 -> rowFile == null ? "unknown_device" : "file_missing";
            default -> throw new AssertionError(id + " is answered " + told);
        };
        if (told.status() == 200 && !told.body().equals(rowFile)) {
            throw new AssertionError(id + " is offered " + told.body());
        }
        if (!answered.equals(answer)) {
            answer = answered;
            answerSince = now;
        }
        if (told.status() == 200) {
            offeredFile = rowFile;
            offeredTo = rowVersion;
            offeredLast = now;
        }
        if (lastSeen == null) {
            firstSeen = now;
        } else {
            gaps.add(Duration.between(lastSeen, now).toMillis());
        }
        lastSeen = now;
        lastAddress = address;
        polls++;
        times.add(now);
        if (!isMalformed && !words.get(0).equals(version)) {
            version = words.get(0);
            versionSince = now;
        }
    }

    private void foretell(String reported, int status) {
        Integer expected = foretold.getOrDefault(reported, foretold.get(null));
        if (expected != null && expected != status) {
            throw new AssertionError(id + " was to be answered " + foretold + ", but to " + reported + " is " + status);
        }
        foretold.clear();
    }

    private void assign(String toVersion, String file, Deed deed, Wire wire) throws IOException {
        String row = "\"%s\",\"%s\",\"%s\"".formatted(id.replace("\"", "\"\""), toVersion.replace("\"", "\"\""), file);
        // Some lives are loops, which the server has learned of other boards.
        manage("PUT", "/devices/" + encode(id) + "?force=true", row, wire);
        if (!toVersion.equals(rowVersion) || !file.equals(rowFile)) {
            assignedAt = deed.at();
        }
        rowVersion = toVersion;
        rowFile = file;
    }

    private void forget(Wire wire) throws IOException {
        manage("DELETE", "/fleet/" + encode(id), "", wire);
        firstSeen = null;
        lastSeen = null;
        lastAddress = null;
        version = null;
        versionSince = null;
        answer = null;
        answerSince = null;
        offeredFile = null;
        offeredTo = null;
        offeredLast = null;
        begunAt = null;
        polls = 0;
        gaps.clear();
        events.clear();
        times.clear();
    }

    private void manage(String method, String target, String body, Wire wire) throws IOException {
        foretold.clear();
        Answer told;
        synchronized (VirtualBoard.class) {
            told = wire.send("127.0.0.1", method, target, Server.ADMIN, body);
        }
        if (told.status() != 200) {
            throw new AssertionError(method + " " + target + ": " + told);
        }
    }

    boolean isAbsent() {
        return line.state().equals("absent");
    }

    String state() {
        return line.state();
    }

    boolean isClone() {
        return line.isClone();
    }

    String version() {
        return version == null ? "" : version;
    }

    String file() {
        return rowFile == null ? "" : rowFile;
    }

    /** The fields of a line of {@code GET /fleet} that are the same whatever the server's batches were; as text. */
    Map<String, String> truth() {
        Map<String, String> truth = new LinkedHashMap<>();
        truth.put("device_id", id);
        truth.put("state", line.state());
        truth.put("since", text(since()));
        truth.put("app_version", text(version));
        truth.put("app_version_since", text(versionSince));
        truth.put("last_seen", text(lastSeen));
        truth.put("remote_addr", text(lastAddress));
        truth.put("answer", text(answer));
        truth.put("polls", text(polls));
        truth.put("update_file_path", text(rowFile));
        truth.put("replaces_version", text(rowVersion));
        truth.put("offers", text(line.offers()));
        truth.put("clone", text(line.isClone()));
        return truth;
    }

    /** What only {@code GET /fleet/<id>} tells. */
    Map<String, String> closeTruth() {
        Map<String, String> truth = new LinkedHashMap<>();
        truth.put("first_seen", text(firstSeen));
        truth.put("assigned_at", text(assignedAt));
        truth.put("answer_since", text(answerSince));
        truth.put("offered_file", text(offeredFile));
        truth.put("offered_to_version", text(offeredTo));
        truth.put("offered_last", text(offeredLast));
        return truth;
    }

    private @Nullable Instant since() {
        return switch (line.state()) {
            case "unseen" -> assignedAt;
            case "unavailable" -> "file_missing".equals(answer) ? later(answerSince, assignedAt) : assignedAt;
            case "waiting" -> later(versionSince, assignedAt);
            case "silent", "updated_silent" -> lastSeen;
            case "discovered" -> firstSeen;
            default -> begunAt;
        };
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        return one == null || other != null && other.isAfter(one) ? other : one;
    }

    /** Between which seconds its usual gap is; empty when it isn't known. */
    List<Long> usualGap() {
        if (gaps.size() < NEEDED_GAPS) {
            return List.of();
        }
        List<Long> recent = new ArrayList<>(gaps.subList(Math.max(0, gaps.size() - RECENT_GAPS), gaps.size()));
        Collections.sort(recent);
        long median = recent.get(recent.size() / 2) / 1000;
        // Of equal polls in a row the server may know the mean gap only.
        long unsure = 2 * pace.jitter().toSeconds();
        return List.of(median - unsure, median + unsure);
    }

    /** What the server is to remember, newest first. */
    List<String> history() {
        List<String> newestFirst = new ArrayList<>(events);
        Collections.reverse(newestFirst);
        return newestFirst;
    }

    boolean hasPolledAt(String time) {
        return times.contains(Instant.parse(time));
    }

    /** What its next poll is to be answered, by the version that it reports; null stands for any other. */
    void foretell(Map<@Nullable String, Integer> statuses) {
        foretold.clear();
        foretold.putAll(statuses);
    }

    @Override
    public String toString() {
        return life.name() + ", line " + (life.lines().indexOf(line) + 1) + ", " + id;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
