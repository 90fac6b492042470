/** Update files: their paths, their bytes on disk, and {@code /files}. */
@NullMarked
package org.fuota.file;

import org.jspecify.annotations.NullMarked;
