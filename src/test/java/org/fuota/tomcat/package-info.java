/** A Tomcat of a test's own, set up as the README tells an operator to. */
@NullMarked
package org.fuota.tomcat;

import org.jspecify.annotations.NullMarked;
