/** What the polls of the boards tell: observed, concluded, and shown at {@code /fleet}. */
@NullMarked
package org.fuota.fleet;

import org.jspecify.annotations.NullMarked;
