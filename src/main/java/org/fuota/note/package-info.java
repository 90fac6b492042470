/** What people note about boards. */
@NullMarked
package org.fuota.note;

import org.jspecify.annotations.NullMarked;
