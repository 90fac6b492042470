/** What can go wrong, in terms that every layer shares; only {@code http} knows which status that is. */
@NullMarked
package org.fuota.error;

import org.jspecify.annotations.NullMarked;
