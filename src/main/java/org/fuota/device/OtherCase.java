package org.fuota.device;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Boards that are called by their MAC address, which people write in one case, and boards perhaps in the other. */
final class OtherCase {
    static final String WARNING =
            "no board with this id is known, but one whose id differs in case only; ids are compared letter by letter";

    private static final Pattern MAC = Pattern.compile("([0-9A-Fa-f]{2}[:-]?){5}[0-9A-Fa-f]{2}");

    private OtherCase() {}

    /** Devices that nobody has heard of, unless their ids were written otherwise: of some ids, at least one, {@code known} tells those in use. */
    static List<DeviceId> among(List<Assignment> assignments, Function<List<String>, Set<String>> known) {
        List<DeviceId> unknown = assignments.stream()
                .filter(assignment -> assignment.before() == null && assignment.report() == null)
                .map(Assignment::deviceId)
                .filter(id -> !of(id).isEmpty())
                .toList();
        if (unknown.isEmpty()) {
            return List.of();
        }
        Set<String> others =
                known.apply(unknown.stream().flatMap(id -> of(id).stream()).toList());
        return unknown.stream()
                .filter(id -> of(id).stream().anyMatch(others::contains))
                .toList();
    }

    /** The same MAC address in other case; none where the id isn't one, or has no letters. */
    private static List<String> of(DeviceId deviceId) {
        String id = deviceId.value();
        return MAC.matcher(id).matches()
                ? Stream.of(id.toLowerCase(Locale.ROOT), id.toUpperCase(Locale.ROOT))
                        .filter(other -> !other.equals(id))
                        .distinct()
                        .toList()
                : List.of();
    }
}
