/** What needs a person, told in one place. */
@NullMarked
package org.fuota.attention;

import org.jspecify.annotations.NullMarked;
