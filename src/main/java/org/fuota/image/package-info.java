/** What an uploaded file is, and what an ESP32 image says of itself: read as a stream, in constant memory. */
@NullMarked
package org.fuota.image;

import org.jspecify.annotations.NullMarked;
