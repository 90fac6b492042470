/** Which device gets which update: the table {@code device_app}, the check that a poll asks for, and {@code /devices}. */
@NullMarked
package org.fuota.device;

import org.jspecify.annotations.NullMarked;
