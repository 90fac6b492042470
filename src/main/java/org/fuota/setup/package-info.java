/**
 * The set-up tool, {@code java -jar fuota.war}: folders, certificate and users, with nothing but the Java runtime. It lies
 * at the WAR's root, outside the application, and neither knows the other.
 */
@NullMarked
package org.fuota.setup;

import org.jspecify.annotations.NullMarked;
