package org.fuota.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of {@code If-Match} or {@code If-None-Match} (RFC 9110 §13.1.1, §13.1.2): either {@code *}, without tags, which every representation
 * matches, or a list of tags, which may be empty and then matches none.
 */
public record EntityTagList(boolean isAny, List<EntityTag> tags) {
    // Everything in it is optional: a list may have empty elements (§5.6.1.2).
    private static final Pattern ELEMENT = Pattern.compile("[ \t]*+(?:" + EntityTag.GRAMMAR + ")?[ \t]*+");

    public EntityTagList {
        tags = List.copyOf(tags);
        if (isAny && !tags.isEmpty()) {
            throw new IllegalArgumentException("* and tags " + tags);
        }
    }

    /** The list that a header's lines make (§5.3); empty when malformed, as {@code *} beside a tag is. A comma between quotes is part of a tag. */
    public static Optional<EntityTagList> parse(List<String> lines) {
        String value = String.join(", ", lines);
        if (value.equals("*")) {
            return Optional.of(new EntityTagList(true, List.of()));
        }
        List<EntityTag> tags = new ArrayList<>();
        Matcher element = ELEMENT.matcher(value);
        for (int start = 0; start <= value.length(); start = element.end() + 1) {
            element.region(start, value.length()).lookingAt();
            if (element.end() < value.length() && value.charAt(element.end()) != ',') {
                return Optional.empty();
            }
            if (element.group(2) != null) {
                tags.add(EntityTag.of(element));
            }
        }
        return Optional.of(new EntityTagList(false, tags));
    }

    /** Whether a representation is meant, by {@link EntityTag#equalsStrongly} or {@link EntityTag#equalsWeakly} of its tag. */
    public boolean matches(Predicate<EntityTag> comparison) {
        return isAny || tags.stream().anyMatch(comparison);
    }
}
