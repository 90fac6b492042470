/** Boards, as cheap as they go: they share the machine with the server that is measured. */
@NullMarked
package org.fuota.bench.client;

import org.jspecify.annotations.NullMarked;
