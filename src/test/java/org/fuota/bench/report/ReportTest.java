package org.fuota.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

class ReportTest {
    private static final List<Result> RESULTS = List.of(
            new Result(
                    List.of(
                            Figure.of("poll", "CPU beside nginx", 2, " ×")
                                    .atMost(1.6)
                                    .details("1.90 to 2.10")
                                    .beside("0.410 ms"),
                            Figure.of("poll", "failed", 0, "").atMost(0).beside(1),
                            Figure.of("poll", "slowest", 12.34, " ms")),
                    List.of(new Bar("poll & <more>", 2, 1.9, 2.1, 1.6)),
                    List.of()),
            new Result(List.of(), List.of(), List.of(new Bar("load", 4, 4, 10, null))));

    @TempDir
    Path folder;

    @Test
    void setsGoalsBesideResults() {
        assertEquals("""
                ![Cost beside nginx, and latencies](performance.svg)

                | workload | | goal | Fuota | | nginx |
                |---|---|---|---|---|---|
                | poll | CPU beside nginx | ≤ 1.60 × | 2 × (1.90 to 2.10) | **not reached** | 0.410 ms |
                | poll | failed | none | 0 | reached | 1 |
                | poll | slowest |  | 12.3 ms |  |  |

                - Machine: this
                """, new Report(RESULTS).table(List.of("Machine: this")));
    }

    @Test
    void keepsWhatIsWrittenByHand() throws IOException {
        Path text = folder.resolve("performance.md");
        Files.writeString(text, "before\n" + Report.BEGIN + "\nold\n" + Report.END + "\nafter\n");

        new Report(RESULTS).write(folder, List.of("new"));

        String written = Files.readString(text);
        assertTrue(written.startsWith("before\n" + Report.BEGIN + "\n![Cost"), written);
        assertTrue(written.endsWith("- new\n" + Report.END + "\nafter\n"), written);
        assertFalse(written.contains("old"), written);
    }

    @Test
    void beginsATextWhereThereIsNone() throws IOException {
        new Report(RESULTS).write(folder.resolve("docs"), List.of("new"));

        String written = Files.readString(folder.resolve("docs/performance.md"));
        assertTrue(written.startsWith("# Performance\n"), written);
        assertTrue(written.contains("- new\n"), written);
    }

    @Test
    void drawsBarsToScale() throws IOException, ParserConfigurationException, SAXException {
        Document plot = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(new Report(RESULTS).plot().getBytes(StandardCharsets.UTF_8)));

        NodeList bars = plot.getElementsByTagName("rect");
        // Of 430 that the largest whisker of each chart fills.
        assertEquals("409.5", ((Element) bars.item(0)).getAttribute("width"));
        assertEquals("172.0", ((Element) bars.item(1)).getAttribute("width"));
        assertTrue(plot.getDocumentElement().getTextContent().contains("poll & <more>"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0         | 0
            12        | 12
            1234567   | 1,234,567
            0.01234   | 0.012
            1.2345    | 1.23
            12.345    | 12.3
            123.45    | 123
            -0.5      | -0.500
            """)
    void roundsToWhatCounts(double value, String text) {
        assertEquals(text, Figure.number(value));
    }
}
