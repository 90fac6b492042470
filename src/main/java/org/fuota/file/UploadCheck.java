package org.fuota.file;

import java.util.function.Function;

/** Asks, before an upload takes the place of what is there, what it means to the devices that are assigned its path. */
@FunctionalInterface
public interface UploadCheck {
    /**
     * @param advice on offering the upload to some of them
     * @param isForced whether a refusal is only a warning
     * @throws org.fuota.error.FuotaException when it is refused
     */
    UploadEffect check(FilePath path, Function<Recipients, Advice> advice, boolean isForced);
}
