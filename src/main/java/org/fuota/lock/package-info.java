/** Who else is there: locks that end with the process that holds them. */
@NullMarked
package org.fuota.lock;

import org.jspecify.annotations.NullMarked;
