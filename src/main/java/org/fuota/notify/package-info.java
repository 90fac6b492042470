/** Webhooks: tells whom the operator has configured what happened. */
@NullMarked
package org.fuota.notify;

import org.jspecify.annotations.NullMarked;
