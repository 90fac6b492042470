/**
 * Breaks the product on purpose, in a Tomcat of each test's own: kills it, fills its disk, starves it, stalls its
 * connections, and moves its clock. See docs/reliability.md.
 */
@NullMarked
package org.fuota.faults;

import org.jspecify.annotations.NullMarked;
