/** HTTP that no feature owns: reading requests, writing answers, and turning errors into statuses. */
@NullMarked
package org.fuota.http;

import org.jspecify.annotations.NullMarked;
