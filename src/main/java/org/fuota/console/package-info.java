/** The pages for a browser. They use the public HTTP API only. */
@NullMarked
package org.fuota.console;

import org.jspecify.annotations.NullMarked;
