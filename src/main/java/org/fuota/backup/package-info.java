/** The backup: database and update files as they are at one moment. */
@NullMarked
package org.fuota.backup;

import org.jspecify.annotations.NullMarked;
