/** What the product costs, and what it bears, beside nginx: {@code mvn -Pbench verify}. */
@NullMarked
package org.fuota.bench;

import org.jspecify.annotations.NullMarked;
