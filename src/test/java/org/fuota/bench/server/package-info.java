/** The two servers that are measured, and what the kernel tells of them. */
@NullMarked
package org.fuota.bench.server;

import org.jspecify.annotations.NullMarked;
