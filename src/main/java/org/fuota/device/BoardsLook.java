package org.fuota.device;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.http.EntityTag;
import org.fuota.http.Sha256;
import org.jspecify.annotations.Nullable;

/** A look at many boards before something is done to them: which of them that changes, and an entity tag of what that follows from. */
public final class BoardsLook {
    private static final Duration LATELY = Duration.ofDays(1);

    private final BoardsRequest request;
    private final @Nullable Instant now;
    private final MessageDigest asked = Sha256.newDigest();
    private final MessageDigest found = Sha256.newDigest();
    private final List<String> changing = new ArrayList<>();
    private int seenLately;

    /**
     * @param act what is done to them: other for each that a preview mustn't be taken for
     * @param now null where it isn't looked at when they were seen
     */
    public BoardsLook(BoardsRequest request, String act, @Nullable Instant now) {
        this.request = request;
        this.now = now;
        Basis.add(asked, act);
    }

    /**
     * Takes the next board.
     *
     * @param isChange whether something comes of it
     * @param lastSeen when it polled last; null where that isn't known
     * @param basis what that follows from
     */
    public void add(String deviceId, boolean isChange, @Nullable Instant lastSeen, @Nullable String... basis) {
        Basis.add(asked, deviceId);
        Basis.add(found, String.valueOf(isChange));
        for (String value : basis) {
            Basis.add(found, value);
        }
        if (isChange) {
            changing.add(deviceId);
            seenLately += now != null && lastSeen != null && lastSeen.isAfter(now.minus(LATELY)) ? 1 : 0;
        }
    }

    /** Those of which something comes. */
    public BoardList changing() {
        return BoardList.of(changing);
    }

    /**
     * What would come of it, after all were added.
     *
     * @param change what has changed since a preview, as a clause of a sentence; asked only when something has
     * @throws FuotaException when the request is based on previews none of which holds any more
     */
    public BoardsReport report(Supplier<String> change) {
        String of = Basis.hex(asked);
        EntityTag tag = EntityTag.strong(of + Basis.BETWEEN + Basis.hex(found));
        List<EntityTag> previews = request.previews().orElse(List.of(tag));
        if (previews.stream().noneMatch(tag::equalsStrongly)) {
            boolean isOfThis = previews.stream()
                    .anyMatch(preview -> !preview.isWeak() && preview.opaque().startsWith(of + Basis.BETWEEN));
            throw new FuotaException(
                    ErrorCode.PRECONDITION_FAILED,
                    isOfThis
                            ? "since the preview, " + change.get() + "; look again"
                            : "the request's If-Match names no preview of it");
        }
        return new BoardsReport(
                request.isDryRun() ? tag : null,
                request.boards().size(),
                changing.size(),
                changing().first(BoardsReport.FIRST_IDS),
                now == null ? null : seenLately);
    }
}
