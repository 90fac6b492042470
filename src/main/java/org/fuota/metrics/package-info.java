/** What Prometheus scrapes at {@code /metrics}. What is measured, and by whom, is handed in. */
@NullMarked
package org.fuota.metrics;

import org.jspecify.annotations.NullMarked;
