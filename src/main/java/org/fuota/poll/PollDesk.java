package org.fuota.poll;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceId;
import org.fuota.error.Printable;
import org.fuota.rollout.RunningRollouts;
import org.jspecify.annotations.Nullable;

/** Answers polls, whichever client's words they come in: always, and whoever watches the fleet is told. */
public final class PollDesk {
    private static final Logger LOG = Logger.getLogger(PollDesk.class.getName());

    private final AssignedUpdateStore updates;
    private final RolloutDesk rollouts;
    private final Consumer<Poll> observer;
    private final PollTrouble trouble;
    private final Clock clock;

    /**
     * @param observer is told of every poll; must be quick, and never wait
     * @param trouble is told of every poll that couldn't be decided
     */
    public PollDesk(
            AssignedUpdateStore updates,
            RolloutDesk rollouts,
            Consumer<Poll> observer,
            PollTrouble trouble,
            Clock clock) {
        this.updates = updates;
        this.rollouts = rollouts;
        this.observer = observer;
        this.trouble = trouble;
        this.clock = clock;
    }

    /**
     * Decides a poll. No update when the server is in trouble: on any 5xx the sample application restarts its board.
     *
     * @param appVersion null when it is missing or malformed
     */
    public UpdateDecision answer(DeviceId deviceId, @Nullable AppVersion appVersion, String remoteAddress) {
        UpdateDecision decision;
        try {
            decision =
                    appVersion == null ? UpdateDecision.withoutRow(PollAnswer.MALFORMED) : decide(deviceId, appVersion);
        } catch (RuntimeException | Error e) {
            trouble.log(deviceId, e);
            decision = UpdateDecision.withoutRow(PollAnswer.TROUBLE);
        }
        observe(deviceId, appVersion, decision, remoteAddress);
        return decision;
    }

    private UpdateDecision decide(DeviceId deviceId, AppVersion appVersion) {
        // First: without a database there is nothing more to ask.
        Optional<AssignedUpdate> assigned = updates.find(deviceId);
        return UpdateCheck.decide(
                rollouts.isStopped(), assigned, appVersion, () -> rollouts.offer(deviceId, appVersion));
    }

    /** What a device is assigned, for whoever asks what its polls would be answered. */
    public Optional<AssignedUpdate> assigned(DeviceId deviceId) {
        return updates.find(deviceId);
    }

    /** What a poll would be answered, which nobody has sent. */
    public UpdateDecision wouldAnswer(DeviceId deviceId, Optional<AssignedUpdate> assigned, AppVersion appVersion) {
        return UpdateCheck.decide(
                rollouts.isStopped(), assigned, appVersion, () -> rollouts.wouldOffer(deviceId, appVersion));
    }

    /** Why each rollout that concerns a device which reports a version doesn't offer it anything. */
    public List<RunningRollouts.Objection> objections(DeviceId deviceId, AppVersion appVersion) {
        return rollouts.objections(deviceId, appVersion);
    }

    /** Whatever goes wrong there, the poll is answered. */
    private void observe(
            DeviceId deviceId, @Nullable AppVersion appVersion, UpdateDecision decision, String remoteAddress) {
        try {
            observer.accept(new Poll(
                    deviceId,
                    appVersion,
                    decision.answer(),
                    decision.file().orElse(null),
                    clock.instant(),
                    remoteAddress));
        } catch (RuntimeException | Error e) {
            LOG.log(Level.FINE, e, () -> "a poll wasn't observed, of device " + Printable.of(deviceId.value()));
        }
    }
}
