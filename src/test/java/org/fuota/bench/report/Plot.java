package org.fuota.bench.report;

import java.util.List;
import java.util.Locale;

/** Charts of horizontal bars, one below the other, as SVG. */
final class Plot {
    private static final int WIDTH = 860;
    private static final int LABEL_WIDTH = 300;
    private static final int VALUE_WIDTH = 130;
    private static final int BAR_WIDTH = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
    private static final int ROW = 26;
    private static final int HEAD = 44;

    /** Colours that can be told apart and read on white as on black, where a viewer says which it is. */
    private static final String STYLE = """
            <style>
              text { font: 13px system-ui, sans-serif; fill: #1f2328 }
              .title { font-weight: 600 }
              .bar { fill: #3b82c4 }
              .whisker { stroke: #1f2328; stroke-width: 1.5 }
              .goal { stroke: #c2410c; stroke-width: 2.5 }
              .goaltext { fill: #c2410c }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3 }
                .whisker { stroke: #e6edf3 }
                .goal { stroke: #fb923c }
                .goaltext { fill: #fb923c }
              }
            </style>
            """;

    private final StringBuilder body = new StringBuilder();
    private int height;

    /** Adds a chart; none when there are no bars. */
    Plot chart(String title, String unit, List<Bar> bars) {
        if (bars.isEmpty()) {
            return this;
        }
        double most = bars.stream().mapToDouble(Plot::most).max().orElseThrow();
        text("title", 0, height + 18, "start", title);
        text("goaltext", WIDTH, height + 18, "end", "│ goal");
        height += HEAD;
        for (Bar bar : bars) {
            row(bar, unit, BAR_WIDTH / most);
            height += ROW;
        }
        height += ROW / 2;
        return this;
    }

    private static double most(Bar bar) {
        return Math.max(Math.max(bar.value(), bar.high()), bar.goal() == null ? 0 : bar.goal());
    }

    private void row(Bar bar, String unit, double scale) {
        int middle = height;
        text("label", LABEL_WIDTH - 10, middle + 4, "end", bar.label());
        body.append(String.format(
                Locale.ROOT,
                "<rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"16\"/>%n",
                LABEL_WIDTH,
                middle - 8,
                bar.value() * scale));
        line("whisker", bar.low() * scale, bar.high() * scale, middle, middle);
        line("whisker", bar.low() * scale, bar.low() * scale, middle - 4, middle + 4);
        line("whisker", bar.high() * scale, bar.high() * scale, middle - 4, middle + 4);
        if (bar.goal() != null) {
            line("goal", bar.goal() * scale, bar.goal() * scale, middle - 11, middle + 11);
        }
        String value = bar.low() == bar.value() && bar.high() != bar.value()
                ? Figure.number(bar.value()) + ", " + Figure.number(bar.high()) + " " + unit
                : Figure.number(bar.value()) + " " + unit;
        text("value", WIDTH, middle + 4, "end", value);
    }

    private void line(String style, double fromX, double toX, int fromY, int toY) {
        body.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n",
                style,
                LABEL_WIDTH + fromX,
                LABEL_WIDTH + toX,
                fromY,
                toY));
    }

    private void text(String style, int x, int y, String anchor, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        body.append(String.format(
                "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n", style, x, y, anchor, escaped));
    }

    @Override
    public String toString() {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">%n"
                        .formatted(WIDTH, height, WIDTH, height)
                + STYLE + body + "</svg>\n";
    }
}
