package org.fuota.file;

import org.fuota.db.Transaction;

/** Tells which devices are assigned a file. */
@FunctionalInterface
public interface Assignees {
    FileUse of(Transaction transaction, FilePath path);
}
