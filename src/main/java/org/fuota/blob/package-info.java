/** Bytes by their SHA-256, which never change; who needs them is not for this package to know. */
@NullMarked
package org.fuota.blob;

import org.jspecify.annotations.NullMarked;
