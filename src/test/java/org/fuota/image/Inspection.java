package org.fuota.image;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Random;

/** Runs an inspector over a file, as a whole or in pieces. */
final class Inspection {
    /** The slots of esp32-fuota's partition table. */
    static final long SLOT_BYTES = 1_572_864;

    private Inspection() {}

    static ImageReport of(byte[] file) {
        ImageInspector inspector = new ImageInspector(SLOT_BYTES);
        inspector.update(file, 0, file.length);
        return inspector.finish();
    }

    static ImageReport byteByByte(byte[] file) {
        ImageInspector inspector = new ImageInspector(SLOT_BYTES);
        byte[] one = new byte[3];
        for (byte octet : file) {
            one[1] = octet;
            inspector.update(one, 1, 1);
        }
        return inspector.finish();
    }

    static ImageReport inPieces(byte[] file, Random random) {
        ImageInspector inspector = new ImageInspector(SLOT_BYTES);
        int done = 0;
        while (done < file.length) {
            int length = Math.min(file.length - done, random.nextInt(1 << random.nextInt(14)));
            inspector.update(file, done, length);
            done += length;
        }
        return inspector.finish();
    }

    static ImageReport.Application application(byte[] file) {
        return assertInstanceOf(ImageReport.Application.class, of(file));
    }

    static ImageReport.Broken broken(byte[] file) {
        return assertInstanceOf(ImageReport.Broken.class, of(file));
    }

    static OtherData other(byte[] file) {
        return assertInstanceOf(ImageReport.Other.class, of(file)).data();
    }
}
