package org.fuota.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fuota.http.EntityTag;
import org.jspecify.annotations.Nullable;

/**
 * What became of many boards; of a dry run, what would have.
 *
 * @param basis of a dry run, the tag of what it was computed from; else null
 * @param boards how many were named
 * @param changed how many of them are others now
 * @param firstIds the first few of these
 * @param seenWithinADay how many of these polled within a day; null where nobody has looked
 */
public record BoardsReport(
        @Nullable EntityTag basis,
        int boards,
        int changed,
        List<String> firstIds,
        @Nullable Integer seenWithinADay) {
    static final int FIRST_IDS = 5;

    /** The same after the act. */
    public BoardsReport changed(int boardsChanged) {
        return new BoardsReport(basis, boards, boardsChanged, firstIds, seenWithinADay);
    }

    boolean isDryRun() {
        return basis != null;
    }

    /**
     * One sentence.
     *
     * @param act what was done to boards, such as {@code forgotten}
     * @param others why others stay as they are, such as {@code never polled}
     */
    String sentence(String act, String others) {
        return (isDryRun() ? "would be " : "") + act + ": " + changed + " of " + boards
                + (boards == 1 ? " board" : " boards") + (changed == boards ? "" : "; the others " + others);
    }

    /** For a person. */
    List<String> lines(String act, String others) {
        List<String> lines = new ArrayList<>(List.of(sentence(act, others)));
        if (isDryRun()) {
            lines.add("dry run: nothing was changed");
        }
        return lines;
    }

    /** For JSON. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("dry_run", isDryRun());
        fields.put("boards", boards);
        fields.put("changed", changed);
        fields.put("unchanged", boards - changed);
        fields.put("first_ids", firstIds);
        if (seenWithinADay != null) {
            fields.put("seen_within_a_day", seenWithinADay);
        }
        return fields;
    }
}
