package org.fuota.device;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets what wasn't asked for longest when there is too much of it. */
final class Latest<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    private final int max;

    Latest(int max) {
        super(16, 0.75f, true);
        this.max = max;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > max;
    }
}
