/** What was measured, as a table and as a plot. */
@NullMarked
package org.fuota.bench.report;

import org.jspecify.annotations.NullMarked;
