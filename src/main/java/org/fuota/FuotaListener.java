package org.fuota;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.SessionTrackingMode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.attention.AttentionServlet;
import org.fuota.backup.BackupServlet;
import org.fuota.blob.Blobs;
import org.fuota.db.Database;
import org.fuota.device.AssignmentStore;
import org.fuota.device.Assignments;
import org.fuota.device.DeviceServlet;
import org.fuota.error.FuotaException;
import org.fuota.evidence.Flips;
import org.fuota.evidence.State;
import org.fuota.file.AssignmentAdvice;
import org.fuota.file.FilePath;
import org.fuota.file.FileServlet;
import org.fuota.file.FileStore;
import org.fuota.file.UpdateFiles;
import org.fuota.file.Upkeep;
import org.fuota.fleet.BoardActs;
import org.fuota.fleet.Fleet;
import org.fuota.fleet.FleetHistory;
import org.fuota.fleet.FleetHistoryServlet;
import org.fuota.fleet.FleetServlet;
import org.fuota.fleet.PollRecorder;
import org.fuota.fleet.RolloutOutcomes;
import org.fuota.fleet.SilenceWatch;
import org.fuota.fleet.States;
import org.fuota.fleet.TroubleStore;
import org.fuota.health.Readiness;
import org.fuota.history.HistoryStore;
import org.fuota.note.NoteServlet;
import org.fuota.note.NoteStore;
import org.fuota.notify.Event;
import org.fuota.notify.Notifier;
import org.fuota.notify.ServerTrouble;
import org.fuota.notify.WebhookServlet;
import org.fuota.poll.AssignedUpdateStore;
import org.fuota.poll.IsolationFilter;
import org.fuota.poll.PollDesk;
import org.fuota.poll.PollHandler;
import org.fuota.poll.RolloutDesk;
import org.fuota.rollout.GroupServlet;
import org.fuota.rollout.RolloutRunner;
import org.fuota.rollout.RolloutServlet;
import org.fuota.rollout.Rollouts;
import org.fuota.rollout.RunningRollouts;
import org.fuota.rollout.StopServlet;
import org.fuota.rollout.TrialStore;
import org.fuota.served.ServedTime;
import org.fuota.web.Connectors;
import org.fuota.web.FailedLogins;
import org.fuota.web.FileBody;
import org.jspecify.annotations.Nullable;

/** The only wiring: makes the parts of the application when it starts, and leaves nothing behind when it stops. */
public class FuotaListener implements ServletContextListener {
    private static final Logger LOG = Logger.getLogger(FuotaListener.class.getName());
    private static final Duration MAX_WAIT = Duration.ofSeconds(10);
    private static final int HOUR = 3600;
    private static final int SENDERS = 4;

    private final Clock clock;
    private final LongSupplier nanoTime;
    private final List<Background.Work> stopping = new ArrayList<>();

    private volatile @Nullable Fleet fleet;

    /** Made by the container, as web.xml says. */
    public FuotaListener() {
        this(Clock.systemUTC(), System::nanoTime);
    }

    /**
     * @param clock the time that people are told
     * @param nanoTime a running time in nanoseconds, which nobody sets; what lasts is measured by it
     */
    protected FuotaListener(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        // There are no sessions; and a container that looks for their cookies logs those that it can't read.
        context.setSessionTrackingModes(EnumSet.noneOf(SessionTrackingMode.class));
        Config config = Config.read(Preparation.environment());
        Connectors connectors = Connectors.find();
        Monitoring watcher = new Monitoring(config, connectors, clock);

        // What is stored.
        Database database = new Database(config.dataSource(), config.databaseFile(clock));
        HistoryStore history = new HistoryStore(database);
        AssignmentStore updates = new AssignmentStore(database);
        Blobs blobs = Preparation.blobs(database, config);
        UpdateFiles files = new UpdateFiles(
                database,
                blobs,
                config.files(),
                history,
                config.limits(),
                (transaction, path) -> {
                    Rollouts.requireUnused(transaction, path);
                    return updates.use(transaction, path);
                },
                this::fileChanged,
                clock);

        Notifier notifier = new Notifier(database, config.webhooks(), config.node(), clock, nanoTime);

        // What polls ask and tell.
        ServedTime served = new ServedTime(database, clock, nanoTime);
        States states = new States(config.fleet(), files::exists, served);
        RunningRollouts running = new RunningRollouts(database, time(database), nanoTime);
        TrialStore trials = new TrialStore(
                database, running, List.of(State.UPDATED_SILENT.ordinal(), State.SILENT.ordinal()), clones());
        PollRecorder polls = new PollRecorder(database, history, trials::keep, states, nanoTime);
        Fleet boards = new Fleet(database, history, states, clock, nanoTime);
        fleet = boards;
        PollDesk desk = new PollDesk(
                new AssignedUpdateStore(database, files::isThere),
                new RolloutDesk(running, trials, files::isThere),
                watcher.polls().andThen(polls),
                watcher.pollTrouble(),
                clock);

        // What people do.
        AssignmentAdvice advice = new AssignmentAdvice(files, sha256 -> boards.learnedVersions(sha256.hex()));
        Assignments assignments = new Assignments(
                database,
                updates,
                history,
                boards,
                advice::on,
                path -> files.find(path).map(file -> file.sha256().hex()),
                clock);

        Registry registry = new Registry(context);
        registry.serve("devices", new DeviceServlet(updates, new PollHandler(desk), assignments, clock), "/devices/*");
        registry.serve(
                "files",
                new FileServlet(
                        files,
                        advice,
                        assignments::checkUpload,
                        updates::devicesByFile,
                        new FileBody(config.recordBytes(), connectors.overrunRanges()),
                        watcher.metrics()::downloaded,
                        saved -> watcher.metrics().uploaded(saved.isNew()),
                        history,
                        clock),
                "/files/*");
        LongSupplier servedNow = () -> served.now().served();
        NoteStore notes = new NoteStore(database, history);
        registry.serve("notes", new NoteServlet(notes, clock), "/notes/*");
        registry.serve(
                "fleet",
                new FleetServlet(
                        boards,
                        history,
                        notes,
                        desk,
                        new RolloutOutcomes(trials, servedNow),
                        new BoardActs(boards, polls, assignments, history, clock),
                        clock),
                "/fleet/*");
        Rollouts rollouts = new Rollouts(
                database,
                running,
                trials,
                history,
                notifier::tell,
                new RolloutFiles(files, advice),
                time(database),
                servedNow::getAsLong);
        registry.serve(
                "rollouts", new RolloutServlet(rollouts, running, servedNow::getAsLong, time(database)), "/rollouts/*");
        FleetHistory counted = new FleetHistory(
                database, boards, () -> trials.counts(servedNow.getAsLong(), FleetHistory.MAX_NAMES), time(database));
        registry.serve("fleet history", new FleetHistoryServlet(counted), "/fleet/history");
        registry.serve("groups", new GroupServlet(rollouts), "/groups/*");
        registry.serve("stop", new StopServlet(rollouts), "/stop");
        registry.serve(
                "backup",
                new BackupServlet(blobs, database::sizeBytes, copy -> {
                    files.inbox().requireTakenIn();
                    // What polls have told until now is part of that moment.
                    polls.flush();
                    database.copyTo(copy);
                    return Database.readCopy(copy, FileStore::all);
                }),
                "/backup");
        registry.serve("webhooks", new WebhookServlet(notifier), "/webhooks/*");
        Readiness readiness = watcher.watch(context, registry, database, blobs, files, polls, boards, running);
        AttentionSources sources = new AttentionSources(
                readiness, watcher.certificate(), files, running, boards, new TroubleStore(database, clock));
        registry.serve("attention", new AttentionServlet(sources, sources, sources, clock), "/attention");
        FailedLogins failedLogins = registry.frame(
                config, watcher.metrics(), connectors, new IsolationFilter(updates, running, trials), clock);

        Preparation.files(blobs, config);
        Preparation.database(database, blobs.folder(), config);

        try {
            readRules(running);
        } catch (FuotaException e) {
            LOG.log(Level.FINE, e, () -> "nobody is offered anything until the database answers");
        }
        boards.lookAtAll();
        // Three: what polls tell doesn't wait for a check of the whole database, nor for files that are taken in.
        Background background = new Background(3, database);
        background.every(config.writeDelay(), () -> keepUp(polls, boards));
        background.every(1, 1, () -> {
            served.watchClock();
            watcher.pollTrouble().logRest();
            failedLogins.logRest();
        });
        RolloutRunner runner =
                new RolloutRunner(database, rollouts, running, time(database), servedNow::getAsLong, nanoTime);
        background.alone("rollouts", 1, 1, () -> goOn(runner));
        Upkeep upkeep = new Upkeep(files, blobs);
        background.every(0, 3, files.inbox()::scan);
        background.alone("bulks", 1, 1, assignments::goOn);
        background.every(0, HOUR, database::check);
        // Of several nodes one does these.
        background.alone("scrub", 60, 60, upkeep::scrub);
        background.alone("look", HOUR, HOUR, boards::lookAtAll);
        background.alone("sweep", 60, HOUR, () -> upkeep.sweep(served.before(Duration.ofDays(1))));
        background.alone(
                "prune",
                60,
                HOUR,
                () -> history.prune(served.before(config.historyKept()), served.before(config.auditKept())));
        background.alone("fleet history", 5, 30, () -> count(counted));
        background.alone("fleet history", 60, 180, silenceWatch(config, database, notifier)::look);
        background.alone("fleet history prune", 60, HOUR, () -> counted.prune(served.before(FleetHistory.KEPT)));
        background.alone("webhook prune", 60, HOUR, () -> notifier.prune(served.before(Notifier.KEPT)));
        // What an operator says is heeded however much else there is to do.
        Background heeding = new Background(1, database);
        heeding.every(1, 1, () -> readRules(running));
        Background sending = sending(notifier, readiness, database);
        stopping.addAll(List.of(
                notifier::close,
                sending::stop,
                heeding::stop,
                files.inbox()::close,
                background::stop,
                polls::flushLast,
                watcher.metrics()::close,
                database::close));
        // Few files are taken in before the first poll comes.
        files.inbox().await(MAX_WAIT);
    }

    private SilenceWatch silenceWatch(Config config, Database database, Notifier notifier) {
        return new SilenceWatch(
                database,
                config.silentPercent(),
                time(database),
                (transaction, subject, sentence, at) ->
                        notifier.tell(transaction, new Event(Event.Kind.GROUP_SILENT, subject, sentence, at)));
    }

    /** By threads of its own, because whoever is told may be slow. */
    private Background sending(Notifier notifier, Readiness readiness, Database database) {
        int targets = notifier.targets();
        Background sending = new Background(Math.min(targets, SENDERS), database);
        for (int target = 0; target < targets; target++) {
            int index = target;
            sending.alone("webhooks", 1, 1, () -> notifier.send(index));
        }
        if (targets > 0) {
            sending.every(5, 5, new ServerTrouble(readiness::reasons, notifier, nanoTime)::look);
        }
        return sending;
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        for (Background.Work work : stopping) {
            try {
                work.run();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "a lock stays until this process ends", e);
            }
        }
        Database.deregisterDrivers();
    }

    /** The clock that rollouts go by, which all nodes share. */
    protected Supplier<Instant> time(Database database) {
        return database::now;
    }

    /** Of the last day. */
    private TrialStore.Clones clones() {
        return new TrialStore.Clones(
                Flips.MANY, () -> clock.instant().minus(Flips.REMEMBERED).toEpochMilli());
    }

    /** Has rollouts, groups and the stop known as they are by now. */
    protected void readRules(RunningRollouts running) {
        running.read();
    }

    /** Has rollouts begin, advance, end and pause. */
    protected void goOn(RolloutRunner runner) {
        runner.run();
    }

    /** Has the boards of this hour counted. */
    protected void count(FleetHistory history) {
        history.keep();
    }

    /** Writes what polls told, and concludes what follows from that, from files that came or went, and from time. */
    protected void keepUp(PollRecorder polls, Fleet boards) {
        // In this order: a board that polled isn't silent.
        if (polls.flush()) {
            boards.tick();
        }
    }

    private void fileChanged(FilePath path) {
        Fleet boards = fleet;
        if (boards != null) {
            boards.fileChanged(path);
        }
    }
}
