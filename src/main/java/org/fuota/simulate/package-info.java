/** Boards that are none: a fleet that polls, downloads and fails like a real one, for whoever tries a server or rehearses a rollout. */
@NullMarked
package org.fuota.simulate;

import org.jspecify.annotations.NullMarked;
