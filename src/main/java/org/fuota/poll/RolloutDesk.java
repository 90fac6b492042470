package org.fuota.poll;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceId;
import org.fuota.http.Sha256;
import org.fuota.rollout.RunningRollouts;
import org.fuota.rollout.TrialStore;

/** What rollouts say to a poll. */
public final class RolloutDesk {
    private final RunningRollouts running;
    private final TrialStore trials;
    private final Predicate<Sha256> isThere;

    /** @param isThere whether bytes can be downloaded */
    public RolloutDesk(RunningRollouts running, TrialStore trials, Predicate<Sha256> isThere) {
        this.running = running;
        this.trials = trials;
        this.isThere = isThere;
    }

    /** Asked where the database has answered: after a start without it nobody knows yet. */
    boolean isStopped() {
        if (!running.isKnown()) {
            running.read();
        }
        return running.stop().isPresent();
    }

    Optional<RolledOut> offer(DeviceId deviceId, AppVersion appVersion) {
        return rolledOut(running.offer(deviceId.value(), appVersion.value(), trials::board));
    }

    Optional<RolledOut> wouldOffer(DeviceId deviceId, AppVersion appVersion) {
        return rolledOut(running.explain(deviceId.value(), appVersion.value(), trials::board, new ArrayList<>()));
    }

    List<RunningRollouts.Objection> objections(DeviceId deviceId, AppVersion appVersion) {
        List<RunningRollouts.Objection> objections = new ArrayList<>();
        running.explain(deviceId.value(), appVersion.value(), trials::board, objections);
        return objections;
    }

    private Optional<RolledOut> rolledOut(Optional<RunningRollouts.Offered> offered) {
        return offered.filter(offer -> isThere.test(new Sha256(offer.sha256())))
                .map(offer -> new RolledOut(
                        offer.name(),
                        new OfferedFile(offer.file(), offer.sha256(), offer.chip(), offer.project(), offer.rollout())));
    }
}
