/** Rollouts: a file for whom it is meant, in stages that hold, pause and end by what polls show; groups of boards; and the stop of all. */
@NullMarked
package org.fuota.rollout;

import org.jspecify.annotations.NullMarked;
