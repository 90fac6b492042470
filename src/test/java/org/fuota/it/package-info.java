/** The real WAR in the real Tomcat that Cargo starts, over real TLS. */
@NullMarked
package org.fuota.it;

import org.jspecify.annotations.NullMarked;
