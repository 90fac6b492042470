/** Moves an installation from SQLite to PostgreSQL: what the set-up tool runs for {@code --move-to}, and no server ever. */
@NullMarked
package org.fuota.move;

import org.jspecify.annotations.NullMarked;
