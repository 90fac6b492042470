/** Requests and answers of the container: reading, writing, who may, and the only table from errors to statuses. */
@NullMarked
package org.fuota.web;

import org.jspecify.annotations.NullMarked;
