package org.fuota;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fuota.attention.Boards;
import org.fuota.attention.Node;
import org.fuota.attention.Offers;
import org.fuota.file.UpdateFiles;
import org.fuota.fleet.Fleet;
import org.fuota.fleet.TroubleStore;
import org.fuota.health.Readiness;
import org.fuota.health.ServerCertificate;
import org.fuota.rollout.RunningRollouts;

/** Where {@code /attention} has from what it tells. */
record AttentionSources(
        Readiness readiness,
        ServerCertificate serverCertificate,
        UpdateFiles files,
        RunningRollouts running,
        Fleet fleet,
        TroubleStore trouble)
        implements Node, Offers, Boards {
    @Override
    public List<String> reasons() {
        return readiness.reasons();
    }

    @Override
    public List<String> lostFiles() {
        return files.lost();
    }

    @Override
    public Optional<Validity> certificate() {
        try {
            return Optional.of(new Validity(serverCertificate.begin(), serverCertificate.end()));
        } catch (IOException | CertificateException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Stop> stop() {
        return running.stop().map(stop -> new Stop(stop.since(), stop.sentence()));
    }

    @Override
    public List<Pause> paused() {
        return running.paused().stream()
                .map(rollout -> new Pause(rollout.name(), rollout.reason(), rollout.since()))
                .toList();
    }

    @Override
    public Map<String, Long> byState() {
        return fleet.countByState();
    }

    @Override
    public Map<String, Instant> silentGroups() {
        return trouble.silentGroups();
    }

    @Override
    public Map<String, Long> loops() {
        return trouble.loops();
    }

    @Override
    public long clones() {
        return trouble.clones();
    }
}
