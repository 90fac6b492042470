/** The wall for {@link java.sql.SQLException}: nothing outside this package sees one. Knows no table of a feature. */
@NullMarked
package org.fuota.db;

import org.jspecify.annotations.NullMarked;
