/** A board's question, whether there is an update for it: the one decision, and who may ask. */
@NullMarked
package org.fuota.poll;

import org.jspecify.annotations.NullMarked;
