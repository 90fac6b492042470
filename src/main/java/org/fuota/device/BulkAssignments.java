package org.fuota.device;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.fuota.db.Transaction;
import org.fuota.error.FuotaException;
import org.fuota.file.Advice;
import org.fuota.file.FilePath;
import org.fuota.file.Recipients;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.http.EntityTag;

/** Assigns files to many devices, or ends that: for all of them or, when it throws, for none. */
public final class BulkAssignments {
    private static final int SLICE_ROWS = 500;
    private static final int MAX_KNOWN = 1000;

    private final DeviceUpdateStore updates;
    private final HistoryStore history;
    private final Reports reports;
    private final BiFunction<FilePath, Recipients, Advice> advice;
    private final Function<FilePath, Optional<String>> sha256;
    private final Clock clock;

    /**
     * @param advice on offering a file to devices
     * @param sha256 the digest of a file, in hexadecimal
     */
    public BulkAssignments(
            DeviceUpdateStore updates,
            HistoryStore history,
            Reports reports,
            BiFunction<FilePath, Recipients, Advice> advice,
            Function<FilePath, Optional<String>> sha256,
            Clock clock) {
        this.updates = updates;
        this.history = history;
        this.reports = reports;
        this.advice = advice;
        this.sha256 = sha256;
        this.clock = clock;
    }

    /** @throws FuotaException when a row is refused, or the preview that it is based on doesn't hold any more */
    BulkReport assign(Bulk bulk, Actor actor) {
        // Twice: all that takes a while is found out before the transaction, and nobody waits for a dry run.
        Instant now = clock.instant();
        BulkLook look = new BulkLook(advice, now);
        bulk.rows().notes().forEach(look::note);
        Optional<Basing> basing = bulk.isDryRun() ? Optional.of(new Basing(bulk)) : Optional.empty();
        forEachSlice(
                bulk,
                lines -> updates.read(statements -> {
                    List<Planned> slice = plan(statements, bulk, lines);
                    slice.forEach(look::add);
                    basing.ifPresent(basis -> slice.forEach(basis::add));
                    differingInCase(statements, slice).forEach(id -> look.warn(OtherCase.WARNING, id));
                    return slice;
                }));
        if (!bulk.isForced()) {
            look.requireUnrefused();
        }
        Optional<EntityTag> tag = basing.map(Basing::tag);
        tag.ifPresent(current -> requireCurrent(bulk, current));
        ChangeCount changes = bulk.isDryRun() ? look.changes() : write(bulk, actor, now);
        return new BulkReport(
                bulk.isDryRun(),
                bulk.rows().size(),
                changes.created(),
                changes.changed(),
                look.facts(),
                look.warnings(),
                tag);
    }

    /**
     * Deletes all rows that name a file; tells how many they are.
     *
     * @param path any text: an older server's rows may name what is no path
     * @param isDryRun whether to tell only how many they would be
     */
    long withdraw(String path, boolean isDryRun, Actor actor) {
        if (isDryRun) {
            return updates.count(path);
        }
        Instant now = clock.instant();
        return updates.longTransaction(transaction -> {
            long withdrawn = 0;
            for (List<DeviceRow> rows = updates.firstOf(transaction, path, SLICE_ROWS);
                    !rows.isEmpty();
                    rows = updates.firstOf(transaction, path, SLICE_ROWS)) {
                updates.delete(transaction, history, reports, rows, actor, now);
                withdrawn += rows.size();
            }
            return withdrawn;
        });
    }

    private ChangeCount write(Bulk bulk, Actor actor, Instant now) {
        return updates.longTransaction(transaction -> {
            ChangeCount count = new ChangeCount();
            Optional<Basing> basing = bulk.previews().map(previews -> new Basing(bulk));
            forEachSlice(bulk, lines -> {
                List<Planned> slice = plan(transaction, bulk, lines);
                basing.ifPresent(basis -> slice.forEach(basis::add));
                List<Change> changes = slice.stream()
                        .flatMap(planned -> planned.change().stream())
                        .toList();
                changes.forEach(count::add);
                updates.write(transaction, history, reports, changes, actor, now);
            });
            // At the end, when all is known: what it throws undoes everything.
            basing.ifPresent(basis -> requireCurrent(bulk, basis.tag()));
            return count;
        });
    }

    private static void forEachSlice(Bulk bulk, Consumer<List<UpdateLine>> work) {
        for (int from = 0; from < bulk.rows().size(); from += SLICE_ROWS) {
            work.accept(bulk.rows().slice(from, from + SLICE_ROWS));
        }
    }

    private List<Planned> plan(Transaction statements, Bulk bulk, List<UpdateLine> lines) {
        List<String> ids = lines.stream().map(line -> line.deviceId().value()).toList();
        Map<String, DeviceRow> rows = updates.find(statements, ids);
        Map<String, Reports.Report> reported = reports.find(statements, ids);
        return lines.stream()
                .map(line -> Planned.of(
                        bulk,
                        line,
                        rows.get(line.deviceId().value()),
                        reported.get(line.deviceId().value())))
                .toList();
    }

    /** Devices that nobody has heard of, unless their ids were written otherwise. */
    private List<DeviceId> differingInCase(Transaction statements, List<Planned> slice) {
        List<DeviceId> unknown = slice.stream()
                .filter(planned -> planned.before() == null && planned.report() == null)
                .map(Planned::deviceId)
                .filter(id -> !OtherCase.of(id).isEmpty())
                .toList();
        if (unknown.isEmpty()) {
            return List.of();
        }
        List<String> others =
                unknown.stream().flatMap(id -> OtherCase.of(id).stream()).toList();
        Set<String> known = new HashSet<>(updates.find(statements, others).keySet());
        known.addAll(reports.find(statements, others).keySet());
        return unknown.stream()
                .filter(id -> OtherCase.of(id).stream().anyMatch(known::contains))
                .toList();
    }

    private void requireCurrent(Bulk bulk, EntityTag current) {
        List<EntityTag> previews = bulk.previews().orElse(List.of(current));
        if (previews.stream().anyMatch(current::equalsStrongly)) {
            return;
        }
        Basis.Part part = previews.isEmpty()
                ? Basis.Part.REQUEST
                : Basis.difference(previews.get(0), current).orElse(Basis.Part.REQUEST);
        throw switch (part) {
            case REQUEST -> Since.failed("the request's If-Match names no preview of it");
            case ROWS ->
                Since.failed(
                        newest(bulk, Since.ASSIGNMENTS),
                        "an assignment has changed, and the history doesn't tell by whom");
            case REPORTS -> Since.failed(newest(bulk, Since.REPORTS), "a device has reported another version");
            case FILES ->
                Since.failed(newestFile(bulk), "an update file has changed, and the history doesn't tell by whom");
        };
    }

    private Optional<HistoryEvent> newest(Bulk bulk, Set<EventKind> events) {
        List<HistoryEvent> newest = new ArrayList<>();
        forEachSlice(
                bulk,
                lines -> history.newest(
                                lines.stream()
                                        .map(line -> line.deviceId().value())
                                        .toList(),
                                events)
                        .ifPresent(newest::add));
        return newest.stream().max((one, other) -> one.at().compareTo(other.at()));
    }

    private Optional<HistoryEvent> newestFile(Bulk bulk) {
        List<HistoryEvent> newest = new ArrayList<>();
        forEachSlice(
                bulk,
                lines -> history.newestOfFiles(lines.stream()
                                .map(line -> line.updateFilePath() == null ? bulk.file() : line.updateFilePath())
                                .map(file -> file == null ? "" : file.value())
                                .distinct()
                                .toList())
                        .ifPresent(newest::add));
        return newest.stream().max((one, other) -> one.at().compareTo(other.at()));
    }

    /** The basis of a bulk, with the digests of the files as they are now. */
    private final class Basing {
        private final Bulk bulk;
        private final Basis basis = new Basis();
        private final Map<String, Optional<String>> digests = new Latest<>(MAX_KNOWN);

        Basing(Bulk bulk) {
            this.bulk = bulk;
        }

        void add(Planned planned) {
            basis.add(
                    planned,
                    bulk,
                    digests.computeIfAbsent(planned.file().value(), first -> sha256.apply(planned.file()))
                            .orElse(null));
        }

        EntityTag tag() {
            return basis.tag();
        }
    }
}
