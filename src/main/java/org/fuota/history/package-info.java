/** What changed, when and by whom: what polls told, and what users did (the audit trail). */
@NullMarked
package org.fuota.history;

import org.jspecify.annotations.NullMarked;
