package org.fuota.notify;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * Something that happened, which webhooks are told.
 *
 * @param kind for programs
 * @param subject what it is about, such as a rollout's name; cut where it is too long
 * @param sentence for people, who are shown it as it is; text from a request belongs in it only through {@code Printable.of}. Cut where
 *     it is too long
 * @param at kept to the millisecond
 * @param id by which whoever is told twice notices
 */
public record Event(Kind kind, String subject, String sentence, Instant at, UUID id) {
    private static final int MAX_SUBJECT = 256;
    private static final int MAX_SENTENCE = 1_000;

    /** What can happen. */
    public enum Kind {
        ROLLOUT_STAGE,
        ROLLOUT_PAUSED,
        ROLLOUT_COMPLETED,
        OFFERS_STOPPED,
        OFFERS_RESUMED,
        GROUP_SILENT,
        /** A node hasn't been ready for a minute. */
        SERVER_TROUBLE,
        /** It is again. */
        SERVER_READY,
        /** Nothing: a user wants to know whether it arrives. */
        TEST;

        /** Its name on the wire and in the database, such as {@code rollout_paused}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Event {
        subject = cut(subject, MAX_SUBJECT);
        sentence = cut(sentence, MAX_SENTENCE);
    }

    public Event(Kind kind, String subject, String sentence, Instant at) {
        this(kind, subject, sentence, at, UUID.randomUUID());
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 3) + "...";
    }
}
