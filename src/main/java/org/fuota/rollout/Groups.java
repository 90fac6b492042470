package org.fuota.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.device.BoardsLook;
import org.fuota.device.BoardsReport;
import org.fuota.device.BoardsRequest;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;

/** What people do with groups of boards, each with who, from where, and what is. */
final class Groups {
    private final Database database;
    private final GroupStore store;
    private final RolloutStore rollouts;
    private final RunningRollouts running;
    private final Journal journal;
    private final Supplier<Instant> time;

    Groups(Database database, RolloutStore rollouts, RunningRollouts running, Journal journal, Supplier<Instant> time) {
        this.database = database;
        this.store = new GroupStore(database);
        this.rollouts = rollouts;
        this.running = running;
        this.journal = journal;
        this.time = time;
    }

    /** Boards join a group; those that are in it stay. Throws when the preview doesn't hold any more. */
    BoardsReport join(RolloutName group, BoardsRequest request, Actor actor) {
        BoardsLook look = new BoardsLook(request, "join " + group.value(), null);
        BoardsReport report = look(look, group, request, false);
        return request.isDryRun()
                ? report
                : report.changed(look.changing()
                        .change(
                                some -> change(
                                        group,
                                        actor,
                                        transaction -> store.add(transaction, group.value(), some),
                                        "joined by "),
                                "in it"));
    }

    /** Boards leave a group; the others stay. Throws when the preview doesn't hold any more. */
    BoardsReport leave(RolloutName group, BoardsRequest request, Actor actor) {
        BoardsLook look = new BoardsLook(request, "leave " + group.value(), null);
        BoardsReport report = look(look, group, request, true);
        return request.isDryRun()
                ? report
                : report.changed(look.changing().change(some -> leave(group, some, actor), "out of it"));
    }

    private BoardsReport look(BoardsLook look, RolloutName group, BoardsRequest request, boolean areIn) {
        request.boards().slices().forEach(some -> {
            Set<String> members = database.connected(statements -> store.among(statements, group.value(), some));
            some.forEach(id -> look.add(id, members.contains(id) == areIn, null));
        });
        return look.report(() -> "others of these boards are in group " + group.value());
    }

    int leave(RolloutName group, List<String> deviceIds, Actor actor) {
        return change(group, actor, transaction -> store.delete(transaction, group.value(), deviceIds), "left by ");
    }

    /** @throws FuotaException while a rollout that isn't stopped names it */
    int disband(RolloutName group, Actor actor) {
        return change(
                group,
                actor,
                transaction -> {
                    for (Rollout rollout : rollouts.open(transaction)) {
                        if (rollout.definition().groups().contains(group.value())) {
                            throw new FuotaException(
                                    ErrorCode.CONFLICT,
                                    "rollout " + rollout.name() + ", which isn't stopped, names group "
                                            + group.value());
                        }
                    }
                    return store.delete(transaction, group.value());
                },
                "left by all ");
    }

    private interface Change {
        int in(Transaction transaction);
    }

    private int change(RolloutName group, Actor actor, Change change, String what) {
        Instant now = time.get();
        int boards = database.transaction(transaction -> {
            int changed = change.in(transaction);
            if (changed > 0) {
                journal.note(transaction, EventKind.GROUP, null, group.value() + " " + what + changed, actor, now);
            }
            return changed;
        });
        if (boards > 0) {
            running.readSoon();
        }
        return boards;
    }

    GroupStore store() {
        return store;
    }
}
