package org.fuota.image;

/** Counts a file's line feeds: in a binary file, few of them have a carriage return before them, unless text mode put it there. */
final class LineEnds {
    private static final int ENOUGH = 8;

    private long lineFeeds;
    private long afterReturns;
    private int last;

    void update(byte[] buffer, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (buffer[i] == '\n') {
                lineFeeds++;
                afterReturns += last == '\r' ? 1 : 0;
            }
            last = buffer[i];
        }
    }

    /** Whether each has one, and there are enough of them that this is no chance. */
    boolean areOfTextMode() {
        return lineFeeds >= ENOUGH && afterReturns == lineFeeds;
    }

    long count() {
        return lineFeeds;
    }
}
