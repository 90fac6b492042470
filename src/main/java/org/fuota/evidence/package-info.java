/** What polls tell of a board, and what follows from it; pure. */
@NullMarked
package org.fuota.evidence;

import org.jspecify.annotations.NullMarked;
