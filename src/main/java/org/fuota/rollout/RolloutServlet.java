package org.fuota.rollout;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.file.FilePath;
import org.fuota.history.Actor;
import org.fuota.web.Listing;
import org.fuota.web.PlainText;
import org.fuota.web.Requests;
import org.fuota.web.Responses;
import org.jspecify.annotations.Nullable;

/** {@code /rollouts} lists them; {@code /rollouts/<name>} is one: made, told of, paused, resumed, advanced and stopped. */
@SuppressWarnings("serial") // servlets are never serialized
public final class RolloutServlet extends HttpServlet {
    private static final Logger LOG = Logger.getLogger(RolloutServlet.class.getName());
    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_LISTED = 100;
    private static final int MAX_PROGRESS = 500;
    private static final int MAX_JOURNAL = 100;
    /** In bytes: the console lets one type 500 characters. */
    static final int MAX_WHY = 2_000;

    private final Rollouts rollouts;
    private final RunningRollouts running;
    private final TrialStore trials;
    private final Preview preview;
    private final Candidates candidates;
    private final Tallies tallies;
    private final Supplier<Instant> time;

    /** @param served how long was served by now */
    public RolloutServlet(Rollouts rollouts, RunningRollouts running, Supplier<Long> served, Supplier<Instant> time) {
        this.rollouts = rollouts;
        this.running = running;
        this.trials = rollouts.trials();
        this.preview = new Preview(trials);
        this.candidates = new Candidates(trials, running, served, System::nanoTime);
        this.tallies = new Tallies(trials, served, System::nanoTime);
        this.time = time;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String[] path = Requests.path(request).split("/", -1);
        if (path.length > 2) {
            throw new FuotaException(ErrorCode.NOT_FOUND, "there is nothing at this path");
        }
        String what = path[0].isEmpty() ? "all " : path.length == 1 ? "one " : "action ";
        switch (what + request.getMethod()) {
            case "all GET", "all HEAD" -> list(request, response);
            case "one GET", "one HEAD" -> tell(new RolloutName(path[0]), request, response);
            case "one PUT" -> create(new RolloutName(path[0]), request, response);
            case "action POST" -> {
                if (path[1].equals("rollback")) {
                    rollBack(new RolloutName(path[0]), request, response);
                } else {
                    act(new RolloutName(path[0]), action(path[1]), request, response);
                }
            }
            default ->
                Responses.methodNotAllowed(
                        response, what.equals("all ") ? "GET, HEAD" : what.equals("one ") ? "GET, HEAD, PUT" : "POST");
        }
    }

    private void create(RolloutName name, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Map<String, String> query = Requests.query(request, Set.of("dry_run", "force"));
        Definition definition = DefinitionJson.parse(PlainText.body(request, MAX_BYTES));
        boolean isForced = Requests.flag(query, "force");
        if (Requests.flag(query, "dry_run")) {
            Map<String, Object> fields = new LinkedHashMap<>();
            List<String> lines = new ArrayList<>(rollouts.check(name, definition, isForced));
            Preview.Seen seen = preview.of(
                    name, definition, rollouts.groupsOf(definition), rollouts.release(definition), time.get());
            lines.addAll(seen.lines());
            lines.add("dry run: nothing was made");
            fields.put("dry_run", true);
            fields.putAll(seen.fields());
            fields.put("sentences", lines);
            Responses.answer(request, response, lines, fields);
            return;
        }
        answer(rollouts.create(name, definition, isForced, actor(request)), request, response);
    }

    private void act(RolloutName name, Rollouts.Action action, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        answer(rollouts.act(name, action, why(request), actor(request)), request, response);
    }

    private void rollBack(RolloutName name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Map<String, String> query = Requests.query(request, Set.of("force"));
        FilePath file = DefinitionJson.rollbackFile(PlainText.body(request, MAX_BYTES));
        Rollouts.WayBack made = rollouts.rollBack(name, file, Requests.flag(query, "force"), actor(request));
        made.lines().forEach(line -> LOG.info(() -> Requests.describe(request) + ": " + line));
        List<String> lines = new ArrayList<>(made.lines());
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("rollout", made.rollout().name());
        long without = wayBack(made.rollout(), lines, fields);
        lines.add(made.lines().size(), "boards that go back: " + (trials.match(made.rollout()) - without));
        fields.put("sentences", lines);
        Responses.answer(request, response, lines, fields);
    }

    /** Who can't go back; returns how many of those that would. */
    private long wayBack(Rollout rollout, List<String> lines, Map<String, @Nullable Object> fields) {
        Long undoes = rollout.undoes();
        if (undoes == null) {
            return 0;
        }
        TrialStore.Some without = trials.withoutWayBack(rollout, MAX_LISTED);
        TrialStore.Some silent = trials.silent(undoes, MAX_LISTED);
        some(
                without,
                "without a way back, because what they took before isn't known, or no path holds it any more",
                lines);
        some(silent, "silent, so that nothing reaches them", lines);
        fields.put("without_way_back", without.boards());
        fields.put("first_without_way_back", without.firstIds());
        fields.put("silent_before", silent.boards());
        fields.put("first_silent_before", silent.firstIds());
        return without.boards();
    }

    private List<Map<String, String>> heldBack(Rollout rollout, List<String> lines) {
        Definition definition = rollout.definition();
        Map<String, String> heldBack =
                trials.heldBack(rollout, id -> RolloutRules.isMeant(definition, id, running::isInGroup), MAX_LISTED);
        heldBack.forEach((deviceId, why) -> lines.add("held back from " + Printable.of(deviceId) + ": " + why));
        return heldBack.entrySet().stream()
                .map(entry -> Map.of("device_id", entry.getKey(), "why", entry.getValue()))
                .toList();
    }

    private static void some(TrialStore.Some some, String what, List<String> lines) {
        if (some.boards() > 0) {
            lines.add(some.boards() + " " + what + ": "
                    + some.firstIds().stream().map(Printable::of).collect(Collectors.joining(", "))
                    + (some.boards() > some.firstIds().size() ? " ..." : ""));
        }
    }

    private static void answer(Rollouts.Outcome outcome, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (outcome.isChanged()) {
            LOG.info(() -> Requests.describe(request) + ": " + outcome.lines().get(0));
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("changed", outcome.isChanged());
        fields.put("sentences", outcome.lines());
        Responses.answer(request, response, outcome.lines(), fields);
    }

    private static Rollouts.Action action(String name) {
        for (Rollouts.Action action : Rollouts.Action.values()) {
            if (action.name().toLowerCase(Locale.ROOT).equals(name)) {
                return action;
            }
        }
        throw new FuotaException(
                ErrorCode.NOT_FOUND,
                "a rollout can't " + Printable.of(name) + ": it can pause, resume, advance, stop or rollback");
    }

    private void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Requests.query(request, Set.of());
        Listing listing = Listing.open(
                request, response, "name", "state", "reason", "stage", "since", "offered", "updated", "pending", "due",
                "failed", "file");
        for (Rollout rollout : rollouts.store().all()) {
            Tally tally = tallies.of(rollout);
            FilePath file = rollout.definition().file();
            listing.row(
                    rollout.name(),
                    rollout.state().label(),
                    rollout.reason(),
                    rollout.stage() + 1,
                    rollout.since(),
                    tally.offered(),
                    tally.updated(),
                    tally.pending(),
                    tally.due(),
                    tally.failed(),
                    file == null ? null : file.value());
        }
        listing.end();
    }

    private void tell(RolloutName name, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Requests.query(request, Set.of());
        Rollout rollout = rollouts.store().find(name.value()).orElseThrow(() -> Rollouts.unknown(name));
        Tally tally = tallies.of(rollout);
        Instant now = time.get();
        String waits = rollout.state() == RolloutState.RUNNING
                ? RolloutRules.gate(rollout, tally, candidates.addedByStage(rollout, now), now)
                : null;
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", rollout.name());
        fields.put("state", rollout.state().label());
        fields.put("reason", rollout.reason());
        fields.put("since", rollout.since());
        fields.put("stage", rollout.stage() + 1);
        fields.put("stages", stages(rollout));
        fields.put("match", trials.match(rollout));
        fields.put("offered", tally.offered());
        fields.put("updated", tally.updated());
        fields.put("pending", tally.pending());
        fields.put("due", tally.due());
        fields.put("failed", tally.failed());
        fields.put("stuck", tally.stuck());
        fields.put("reverted", tally.reverted());
        fields.put("silent", tally.silent());
        fields.put("gate", gate(rollout, waits));
        fields.put("definition", map(DefinitionJson.json(rollout.definition())));
        fields.put("progress", progress(rollout));
        List<String> lines = new ArrayList<>();
        lines.add("rollout " + rollout.name() + " is " + rollout.state().label()
                + (rollout.reason().isEmpty() ? "" : ": " + rollout.reason()));
        lines.add("stage " + (rollout.stage() + 1) + " of "
                + rollout.definition().stages().size() + ": "
                + rollout.currentStage().words());
        lines.add(
                "%d offered: %d updated, %d pending, of which %d are due, %d failed (%d stuck, %d reverted, %d silent)"
                        .formatted(
                                tally.offered(),
                                tally.updated(),
                                tally.pending(),
                                tally.due(),
                                tally.failed(),
                                tally.stuck(),
                                tally.reverted(),
                                tally.silent()));
        wayBack(rollout, lines, fields);
        fields.put("held_back", heldBack(rollout, lines));
        Optional.ofNullable(waits).ifPresent(wait -> lines.add("the next stage waits: " + wait));
        List<JournalEntry> journal = rollouts.journal().entries(rollout.name(), MAX_JOURNAL);
        journal.forEach(entry -> lines.add(entry.line()));
        fields.put("journal", journal.stream().map(JournalEntry::fields).toList());
        Responses.answer(request, response, lines, fields);
    }

    /** Since when it waits, when it opens at the earliest, and what it waits for; null where there is none. */
    private static @Nullable Map<String, @Nullable Object> gate(Rollout rollout, @Nullable String waits) {
        Instant began = rollout.stageBegan();
        if (rollout.state() != RolloutState.RUNNING || began == null) {
            return null;
        }
        Map<String, @Nullable Object> gate = new LinkedHashMap<>();
        gate.put("since", began);
        gate.put("opens", began.plus(rollout.definition().soak()));
        gate.put("waits", waits == null ? "" : waits);
        return gate;
    }

    private List<Map<String, @Nullable Object>> stages(Rollout rollout) {
        Map<Integer, RolloutStore.Passage> passages = new LinkedHashMap<>();
        rollouts.store().passages(rollout).forEach(passage -> passages.put(passage.stage(), passage));
        List<Map<String, @Nullable Object>> stages = new ArrayList<>();
        for (int stage = 0; stage < rollout.definition().stages().size(); stage++) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("of", rollout.definition().stages().get(stage).label());
            RolloutStore.Passage passage = passages.get(stage);
            if (passage != null) {
                fields.put("began", passage.began());
                if (passage.passed() != null) {
                    fields.put("passed", passage.passed());
                }
            }
            stages.add(fields);
        }
        return stages;
    }

    private List<Map<String, Object>> progress(Rollout rollout) {
        List<RolloutStore.Progress> all = rollouts.store().progress(rollout);
        int step = all.size() / MAX_PROGRESS + 1;
        // The last one always.
        return IntStream.range(0, all.size())
                .filter(i -> (all.size() - 1 - i) % step == 0)
                .mapToObj(all::get)
                .map(progress -> {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    fields.put("at", progress.at());
                    fields.put("offered", progress.offered());
                    fields.put("updated", progress.updated());
                    fields.put("failed", progress.failed());
                    return fields;
                })
                .toList();
    }

    private static Map<String, Object> map(JsonObject json) {
        Map<String, Object> map = new LinkedHashMap<>();
        json.entrySet().forEach(entry -> map.put(entry.getKey(), value(entry.getValue())));
        return map;
    }

    private static Object value(JsonElement element) {
        if (element.isJsonArray()) {
            return element.getAsJsonArray().asList().stream()
                    .map(RolloutServlet::value)
                    .toList();
        }
        if (element.getAsJsonPrimitive().isNumber()) {
            return element.getAsNumber();
        }
        return element.getAsJsonPrimitive().isBoolean() ? element.getAsBoolean() : element.getAsString();
    }

    /** What somebody says of what he does: text, one line, or nothing. */
    static String why(HttpServletRequest request) throws IOException {
        String why = PlainText.body(request, MAX_WHY).strip();
        if (why.codePoints().anyMatch(PlainText::isUnseen)) {
            throw new FuotaException(ErrorCode.INVALID, "why must be one line of text");
        }
        return why;
    }

    static Actor actor(HttpServletRequest request) {
        return new Actor(String.valueOf(request.getRemoteUser()), request.getRemoteAddr());
    }
}
