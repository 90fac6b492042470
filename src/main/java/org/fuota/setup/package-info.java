/**
 * The set-up tool, {@code java -jar fuota.war}, at the WAR's root: it and the application don't know each other, and it needs no library. What
 * {@code --move-to} runs, it finds by its name.
 */
@NullMarked
package org.fuota.setup;

import org.jspecify.annotations.NullMarked;
