/** Fuota, the firmware update server: its wiring. Each feature has a package of its own. */
@NullMarked
package org.fuota;

import org.jspecify.annotations.NullMarked;
