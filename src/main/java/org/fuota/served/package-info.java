/** How long polls could be answered, ever. */
@NullMarked
package org.fuota.served;

import org.jspecify.annotations.NullMarked;
