package org.fuota.it;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Makes a picture small: for a page of text 256 colours are enough. */
final class FewColours {
    private static final int MOST = 256;
    private static final int FREQUENT = 64;
    /** Colours that are the same in these bits are alike: else the greys of letters would take the place of what is seldom, such as an icon's. */
    private static final int ALIKE = 0xF0F0F0;

    private FewColours() {}

    /** Each pixel gets the nearest of the colours that are kept. */
    static void write(Path png, Path to) throws IOException {
        BufferedImage full = ImageIO.read(png.toFile());
        int[] pixels = full.getRGB(0, 0, full.getWidth(), full.getHeight(), null, 0, full.getWidth());
        int[] colours = kept(pixels);
        BufferedImage few = new BufferedImage(
                full.getWidth(),
                full.getHeight(),
                BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, colours.length, colours, 0, false, -1, 0));
        Map<Integer, Integer> nearest = new HashMap<>();
        for (int i = 0; i < pixels.length; i++) {
            int place = nearest.computeIfAbsent(pixels[i], pixel -> nearest(colours, pixel));
            few.getRaster().setSample(i % full.getWidth(), i / full.getWidth(), 0, place);
        }
        ImageIO.write(few, "png", to.toFile());
    }

    /** The most frequent colours; and of the others that are alike the most frequent one. */
    private static int[] kept(int[] pixels) {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int pixel : pixels) {
            counts.merge(pixel, 1, Integer::sum);
        }
        List<Integer> colours = counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .toList();
        Set<Integer> kept = new LinkedHashSet<>(colours.subList(0, Math.min(FREQUENT, colours.size())));
        Set<Integer> seen = new HashSet<>();
        colours.stream().filter(colour -> seen.add(colour & ALIKE)).forEach(kept::add);
        return kept.stream().limit(MOST).mapToInt(Integer::intValue).toArray();
    }

    private static int nearest(int[] colours, int pixel) {
        return IntStream.range(0, colours.length)
                .boxed()
                .min(Comparator.comparingInt(place -> distance(colours[place], pixel)))
                .orElseThrow();
    }

    private static int distance(int one, int other) {
        int red = (one >> 16 & 0xFF) - (other >> 16 & 0xFF);
        int green = (one >> 8 & 0xFF) - (other >> 8 & 0xFF);
        int blue = (one & 0xFF) - (other & 0xFF);
        return red * red + green * green + blue * blue;
    }
}
