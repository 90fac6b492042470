package org.fuota.http;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The conditions that a request puts on being carried out (RFC 9110 §13). They count only where the request would
 * otherwise be answered 2xx (§13.2.1): a GET of what isn't there is 404, whatever they say.
 *
 * <p>What can't be read never does harm: a malformed {@code If-Match} fails; a malformed {@code If-None-Match} fails
 * what would change something, and has a GET or HEAD answered in full; a malformed {@code If-Range} sends the whole.
 * Dates are ignored when malformed or given twice, as §13.1.3 and §13.1.4 demand.
 *
 * @param method case-sensitive, such as {@code GET}
 * @param headers all lines of the header of a name, as the container gives them; none when it isn't there
 * @param now the time of the request
 */
public record Preconditions(String method, Function<String, List<String>> headers, Instant now) {
    /** What becomes of the request. */
    public enum Outcome {
        /** As if there were no conditions. */
        PROCEED,
        /** 304: the client has it already. Only of GET and HEAD. */
        NOT_MODIFIED,
        /** 412: not what the client has in mind. */
        PRECONDITION_FAILED
    }

    /** Evaluates all but {@code If-Range} (§13.2.2), for what there is at the URL now; null for nothing, such as before a first PUT. */
    public Outcome check(@Nullable Validators current) {
        if (isPresent("If-Match") ? !ifMatch(current) : !ifUnmodifiedSince(current)) {
            return Outcome.PRECONDITION_FAILED;
        }
        if (isPresent("If-None-Match") ? ifNoneMatch(current) : ifModifiedSince(current)) {
            return Outcome.PROCEED;
        }
        return isRead() ? Outcome.NOT_MODIFIED : Outcome.PRECONDITION_FAILED;
    }

    /**
     * The {@code Range} to be answered, unparsed, once {@link #check} says to proceed. Empty when the whole is to be sent: without one; with several
     * lines of it; of any method but GET (§14.2); or when {@code If-Range} names another state (§13.1.5).
     */
    public Optional<String> range(Validators current) {
        if (!method.equals("GET")) {
            return Optional.empty();
        }
        return single("Range").filter(range -> !isPresent("If-Range") || ifRange(current));
    }

    /** §13.1.1. */
    private boolean ifMatch(@Nullable Validators current) {
        return current != null
                && entityTags("If-Match")
                        .filter(tags -> tags.matches(current.entityTag()::equalsStrongly))
                        .isPresent();
    }

    /** §13.1.4. */
    private boolean ifUnmodifiedSince(@Nullable Validators current) {
        return current == null
                || date("If-Unmodified-Since")
                        .filter(date -> current.lastModified().isAfter(date))
                        .isEmpty();
    }

    /** §13.1.2. Without a representation nothing can match: only a malformed one fails then. */
    private boolean ifNoneMatch(@Nullable Validators current) {
        return entityTags("If-None-Match")
                .map(tags -> current == null || !tags.matches(current.entityTag()::equalsWeakly))
                .orElse(isRead());
    }

    /** §13.1.3. */
    private boolean ifModifiedSince(@Nullable Validators current) {
        return current == null
                || !isRead()
                || date("If-Modified-Since")
                        .filter(date -> !current.lastModified().isAfter(date))
                        .isEmpty();
    }

    /** §13.1.5: a date must be the very same, and tell states apart. */
    private boolean ifRange(Validators current) {
        Optional<EntityTag> tag = single("If-Range").flatMap(EntityTag::parse);
        if (tag.isPresent()) {
            return tag.get().equalsStrongly(current.entityTag());
        }
        return current.isDateStrong(now)
                && date("If-Range").filter(current.lastModified()::equals).isPresent();
    }

    private boolean isRead() {
        return method.equals("GET") || method.equals("HEAD");
    }

    private boolean isPresent(String header) {
        return !headers.apply(header).isEmpty();
    }

    private Optional<EntityTagList> entityTags(String header) {
        return EntityTagList.parse(headers.apply(header));
    }

    private Optional<Instant> date(String header) {
        return single(header).flatMap(value -> HttpDate.parse(value, now));
    }

    /** The value of a header that isn't a list; empty also when it is there more than once. */
    private Optional<String> single(String header) {
        List<String> lines = headers.apply(header);
        return lines.size() == 1 ? Optional.of(lines.get(0)) : Optional.empty();
    }
}
