package org.fuota.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageStreamTest {
    // What the inspector keeps, and a few bytes of garbage that the JDK's SHA-256 makes at each update.
    private static final long MAX_ALLOCATED_BYTES = 64 * 1024;
    private static final byte[] PIECE = new byte[64 * 1024];

    @ParameterizedTest
    @MethodSource("files")
    void doesNotDependOnHowTheFileIsCut(byte[] file) {
        Random random = new Random(file.length);
        ImageReport expected = Inspection.of(file);

        assertEquals(expected, Inspection.byteByByte(file));
        for (int i = 0; i < 200; i++) {
            assertEquals(expected, Inspection.inPieces(file, random));
        }
    }

    static Stream<byte[]> files() {
        byte[] image = EspImageBuilder.application().build();
        byte[] signed = EspImageBuilder.application().buildSigned(3);
        byte[] bootloader = EspImageBuilder.bootloader().build();
        return Stream.of(
                new byte[0],
                image,
                EspImageBuilder.application().withoutHash().build(),
                EspImageBuilder.application()
                        .segment(0, new byte[0])
                        .segment(0, new byte[0])
                        .build(),
                Arrays.copyOf(image, 350),
                EspImageBuilder.changed(image, 390, 0),
                signed,
                EspImageBuilder.concat(signed, image),
                EspImageBuilder.changed(signed, 7000, 0x42),
                EspImageBuilder.changed(signed, 6000, 0x42),
                EspImageBuilder.merged(0, bootloader),
                EspImageBuilder.merged(0x1000, bootloader),
                EspImageBuilder.concat(image, new byte[20_000]),
                (" ".repeat(300) + "<html>").getBytes(StandardCharsets.US_ASCII),
                new byte[] {'U', 'F', '2', '\n', 0});
    }

    @Test
    void takesAnyBytes() {
        Random random = new Random(20250714);
        byte[] whole = EspImageBuilder.application().buildSigned(2);

        assertTimeout(Duration.ofSeconds(60), () -> {
            for (int i = 0; i < 5000; i++) {
                byte[] file = new byte[random.nextInt(5000)];
                random.nextBytes(file);
                Inspection.of(file);
                if (file.length > 0) {
                    file[0] = (byte) 0xE9;
                    // By chance the first 24 bytes may make sense, but never all that follows.
                    assertFalse(Inspection.inPieces(file, random) instanceof ImageReport.Application);
                }
                Inspection.inPieces(damaged(whole, random), random);
            }
        });
    }

    private static byte[] damaged(byte[] whole, Random random) {
        byte[] file = Arrays.copyOf(whole, random.nextInt(whole.length + 5000));
        for (int i = random.nextInt(8); i > 0 && file.length > 0; i--) {
            file[random.nextInt(file.length)] = (byte) random.nextInt();
        }
        return file;
    }

    @ParameterizedTest
    @MethodSource("startsOfLongFiles")
    void needsNoMoreMemoryForALongFile(byte[] start) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // Once for the classes that it loads.
        inspectLongFile(start);
        long before = threads.getCurrentThreadAllocatedBytes();

        inspectLongFile(start);

        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < MAX_ALLOCATED_BYTES, () -> allocated + " bytes");
    }

    /** One goes on with a long segment, one with a long tail, one is no image. */
    static Stream<byte[]> startsOfLongFiles() {
        return Stream.of(
                EspImageBuilder.image().segment(0, 0xFFFFFC, new byte[4]).build(),
                EspImageBuilder.application().build(),
                new byte[1]);
    }

    private static void inspectLongFile(byte[] start) {
        ImageInspector inspector = new ImageInspector(Inspection.SLOT_BYTES);
        inspector.update(start, 0, start.length);
        for (int i = 0; i < 240; i++) {
            inspector.update(PIECE, 0, PIECE.length);
        }
        inspector.finish();
    }
}
