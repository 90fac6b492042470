package org.fuota.fleet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A condition in SQL, of conditions that must all be met, and its values. */
record Where(String sql, List<Object> values) {
    static final Where ALL = new Where("TRUE", List.of());

    /** @param condition binds weaker than {@code AND} only within parentheses */
    Where and(String condition, Object... more) {
        List<Object> all = new ArrayList<>(values);
        all.addAll(Arrays.asList(more));
        return new Where(sql.equals(ALL.sql) ? condition : sql + " AND " + condition, all);
    }

    /** With those of what follows it in a statement. */
    Object[] with(Object... more) {
        return and(sql, more).values.toArray();
    }
}
