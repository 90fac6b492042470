package org.fuota.file;

/** Is told when a file comes to a path, is replaced there, or goes; must be quick. */
@FunctionalInterface
public interface FilesChanged {
    void accept(FilePath path);
}
