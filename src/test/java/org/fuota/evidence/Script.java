package org.fuota.evidence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fuota.file.FilePath;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.poll.OfferedFile;
import org.fuota.poll.PollAnswer;
import org.jspecify.annotations.Nullable;

/**
 * A device's polls as text, such as {@code 0 1 offered a.bin; 60 2}: second, reported version (a dash for none), answer
 * ({@code no_update} when left out), offered file, and {@code @address}.
 */
public final class Script {
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Script() {}

    public static Instant at(long second) {
        return START.plusSeconds(second);
    }

    /** At that second, of a server that has always served. */
    public static Moment moment(long second) {
        return new Moment(at(second), second * 1000);
    }

    public static List<Sighting> sightings(String polls) {
        List<Sighting> sightings = new ArrayList<>();
        for (String poll : polls.isBlank() ? new String[0] : polls.split(";")) {
            List<String> words = new ArrayList<>(List.of(poll.trim().split(" +")));
            String address = words.get(words.size() - 1).startsWith("@")
                    ? words.remove(words.size() - 1).substring(1)
                    : "10.0.0.1";
            Moment at = moment(Long.parseLong(words.get(0)));
            sightings.add(new Sighting(
                    words.get(1).equals("-") ? null : words.get(1),
                    words.size() > 2 ? PollAnswer.ofLabel(words.get(2)).orElseThrow() : PollAnswer.NO_UPDATE,
                    words.size() > 3 ? words.get(3) : null,
                    words.size() > 3 ? offered(words.get(3)) : null,
                    address,
                    at,
                    at,
                    1));
        }
        return sightings;
    }

    /** Its digest is the same letter all over, its path's first. */
    public static OfferedFile offered(String file) {
        return new OfferedFile(
                new FilePath(file), file.substring(0, 1).repeat(64), "ESP32", "project of " + file, null);
    }

    /** A sighting of other bytes at the same path; of null, they couldn't be read. */
    static Sighting offering(@Nullable OfferedFile offered, Sighting sighting) {
        return new Sighting(
                sighting.appVersion(),
                sighting.answer(),
                sighting.file(),
                offered,
                sighting.remoteAddress(),
                sighting.first(),
                sighting.last(),
                sighting.polls());
    }

    /** All that the polls lead to, one after the other. */
    static List<DeviceStatus.Step> steps(String polls) {
        return steps(sightings(polls));
    }

    static List<DeviceStatus.Step> steps(List<Sighting> sightings) {
        List<DeviceStatus.Step> steps = new ArrayList<>();
        for (Sighting sighting : sightings) {
            steps.add(
                    steps.isEmpty()
                            ? DeviceStatus.first("1", sighting)
                            : steps.get(steps.size() - 1).status().after(sighting));
        }
        return steps;
    }

    public static @Nullable DeviceStatus status(String polls) {
        List<DeviceStatus.Step> steps = steps(polls);
        return steps.isEmpty() ? null : steps.get(steps.size() - 1).status();
    }

    /** The events as {@code second event before>after}, parted by semicolons. */
    static String events(String polls) {
        return String.join(
                "; ",
                steps(polls).stream()
                        .flatMap(step -> step.events().stream()
                                .map(event -> text(event)
                                        + (step.mistaken() == null || event.kind() != EventKind.UPDATED
                                                ? ""
                                                : ", not " + text(step.mistaken()))))
                        .toList());
    }

    private static String text(HistoryEvent event) {
        return (event.at().getEpochSecond() - START.getEpochSecond()) + " "
                + event.kind().label() + " "
                + Optional.ofNullable(event.before()).orElse("") + ">"
                + Optional.ofNullable(event.after()).orElse("");
    }
}
