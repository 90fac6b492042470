/** The values of HTTP, without a servlet: ranges, preconditions, entity tags, dates, digests. */
@NullMarked
package org.fuota.http;

import org.jspecify.annotations.NullMarked;
