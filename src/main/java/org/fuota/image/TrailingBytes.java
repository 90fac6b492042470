package org.fuota.image;

/** Bytes that follow something: how many, and whether they are only filling. */
final class TrailingBytes {
    private long count;
    private int first;
    private boolean isUniform = true;

    void update(byte[] buffer, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            add(buffer[i] & 0xFF);
        }
    }

    long count() {
        return count;
    }

    /** Only 0x00 or only 0xFF: what tools fill up with. */
    boolean isFilling() {
        return isUniform && (first == 0 || first == 0xFF);
    }

    private void add(int octet) {
        if (count == 0) {
            first = octet;
        }
        isUniform &= octet == first;
        count++;
    }
}
