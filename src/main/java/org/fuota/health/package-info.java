/** What a load balancer, Kubernetes or an operator asks: does the server live, and can it do its work. */
@NullMarked
package org.fuota.health;

import org.jspecify.annotations.NullMarked;
