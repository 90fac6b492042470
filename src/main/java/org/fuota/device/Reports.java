package org.fuota.device;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.fuota.db.Transaction;
import org.fuota.file.FilePath;
import org.fuota.file.LastFile;
import org.fuota.file.Recipients;
import org.jspecify.annotations.Nullable;

/** What devices' own polls have told, and what is concluded from that and from what they are assigned. */
public interface Reports {
    /** By the ids of those that have polled. */
    Map<String, Report> find(Transaction statements, List<String> deviceIds);

    /** The devices that are assigned a file, those together that are alike. */
    List<Recipients> recipients(FilePath path);

    /** Concludes anew about devices whose assignments are created, changed or deleted, in the transaction that does so. */
    void assigned(Transaction transaction, List<String> deviceIds, Instant at);

    /**
     * @param appVersion that it reported last; null when it reported none
     * @param last the file that it took last
     */
    record Report(@Nullable String appVersion, Instant lastSeen, LastFile last) {}
}
