package org.fuota.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.fuota.device.AssignmentReader.Kind;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AssignmentReaderTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    # what it is made by          | body (~ is a line feed, ^ a carriage return, _ a space) | rows
                    a program                     | "1","v","f"~"2","v","f"~      | 1: 1 v f, 2: 2 v f
                    a hand                        | 1,v,f~~2,v,f~__~"3,""x",w,g   | 1: 1 v f, 3: 2 v f, 5: 3,"x w g
                    Windows                       | 1,v,f^~^~2,v,f^~              | 1: 1 v f, 3: 2 v f
                    an old Mac                    | 1,v,f^2,v,f^^3,v,f            | 1: 1 v f, 2: 2 v f, 4: 3 v f
                    spaces after commas           | "1", "v",_f                   | 1: 1 v f
                    spaces everywhere             | _1_,_"v"_,__f__~              | 1: 1 v f
                    a space within                | a b,c d,f                     | 1: a b c d f
                    rows that were emptied        | 1,v,f~,,~"","",""~2,v,f       | 1: 1 v f, 4: 2 v f
                    in any order                  | b,v,f~a,v,f                   | 2: a v f, 1: b v f
                    """)
    void reads(String made, String body, String rows) throws IOException {
        assertEquals(rows, told(read(body, Kind.MANY)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "device_id,app_version,update_file_path",
                "\"device_id\",\"app_version\",\"update_file_path\"",
                "Device ID, App ver, Update file",
                "ID,Version,File",
                "\nmac,replaces_version,path"
            })
    void leavesOutTheNamesOfTheColumnsAndSaysSo(String head) throws IOException {
        AssignmentList list = read(head + "\n1,v,f\n", Kind.MANY);

        int line = head.startsWith("\n") ? 2 : 1;
        assertEquals(line + 1 + ": 1 v f", told(list));
        assertEquals(List.of("line " + line + " is taken for the names of the columns, and left out"), list.notes());
        assertEquals(List.of(), read("1,v,f~", Kind.MANY).notes());
        assertEquals(List.of(), read("sep=,~1,v,f~", Kind.MANY).notes());
    }

    @Test
    void takesThemForNamesInTheFirstRowOnly() throws IOException {
        assertEquals("1: 1 v f, 2: id version file", told(read("1,v,f~id,version,file", Kind.MANY)));
        assertEquals("1: id 1.0 file", told(read("id,1.0,file", Kind.MANY)));
        assertEquals("1: board-1 - -, 2: board-2 - -", told(read("board-1~board-2", Kind.IDS)), "an id is no name");
        assertEquals("1: mac1 version2 file3", told(read("mac1,version2,file3", Kind.MANY)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``                  | the body has no assignment
                    ~~                  | the body has no assignment
                    ,,                  | the body has no assignment
                    id,version,file     | the body has no assignment
                    1,v,f~2,v           | line 2, column 1: it must be three fields: "<device_id>","<app_version>","<update_file_path>"
                    1,v,f~~2,v,f,x      | line 3, column 1: it must be three fields: "<device_id>","<app_version>","<update_file_path>"
                    version,id,file     | line 1, column 1: the columns must be "<device_id>","<app_version>","<update_file_path>", in this order
                    ,v,f                | line 1, column 1: the device id is empty
                    1,v,f~2,,f          | line 2, column 3: the app version is empty
                    1,v,f~2,v,          | line 2, column 5: the update file path is empty
                    1,v,f~2,v,../f      | line 2, column 5: the update file path has a segment that starts with a dot
                    1,v,f~a/b,v,f       | line 2, column 1: the device id has a slash
                    1,v,f~~1,w,g        | line 3: device 1 is on line 1 already
                    1,v,f~2,v,f~1,w,g~1,v,f~2,,f | line 3: device 1 is on line 1 already
                    # quotes
                    1,v,f~2,v,"f~3,v,f  | line 2, column 5: the quote that begins here has no end
                    "                   | line 1, column 1: the quote that begins here has no end
                    1,"v"x,f            | line 1, column 6: there is more behind the quote that ends the field
                    1,v"v",f            | line 1, column 4: a quote stands in a field that doesn't begin with one
                    ="00001",v,f        | line 1, column 2: a quote stands in a field that doesn't begin with one
                    1,"v ",f            | line 1, column 4: the quotes hold a leading or trailing space
                    " 1",v,f            | line 1, column 2: the quotes hold a leading or trailing space
                    {201c}1{201d},v,f   | line 1, column 1: this quote is typographic, U+201C: use " or none
                    1,{201e}v{201c},f   | line 1, column 3: this quote is typographic, U+201E: use " or none
                    1,"{00ab}v",f       | line 1, column 4: this quote is typographic, U+00AB: use " or none
                    1,"v{201d},f        | line 1, column 3: the quote that begins here has no end
                    # what nobody sees
                    1,v{00a0},f         | line 1, column 4: this space is none of the keyboard's, but U+00A0
                    1,v,f~2,{202f}v,f   | line 2, column 3: this space is none of the keyboard's, but U+202F
                    1,v{200b},f         | line 1, column 4: an invisible character stands here, U+200B
                    {202e}1,v,f         | line 1, column 1: an invisible character stands here, U+202E
                    1,v,f~{feff}2,v,f   | line 2, column 1: an invisible character stands here, U+FEFF
                    1,v,{2028}f         | line 1, column 5: an invisible character stands here, U+2028
                    1,v{fffd},f         | line 1, column 4: U+FFFD stands here, for a letter that was lost when the list was made
                    1{0000},v           | line 1, column 2: a NUL stands here: is it UTF-16 without a byte order mark? Save it as UTF-8
                    # spreadsheets
                    1.23457E+14,v,f     | line 1, column 1: the device id is a number that a spreadsheet has rounded: make its column one of text
                    "1,23457E+14",v,f   | line 1, column 1: the device id is a number that a spreadsheet has rounded: make its column one of text
                    1,2E+11,f           | line 1, column 3: the app version is a number that a spreadsheet has rounded: make its column one of text
                    # other separators
                    1;v;f               | line 1, column 2: the fields seem to be parted by ;, and must be parted by commas
                    "1";"v";"f"         | line 1, column 4: the fields seem to be parted by ;, and must be parted by commas
                    1\tv\tf             | line 1, column 2: the fields seem to be parted by a tab, and must be parted by commas
                    "1"\t"v"\t"f"       | line 1, column 4: the fields seem to be parted by a tab, and must be parted by commas
                    1;1,5;f             | line 1, column 2: the fields seem to be parted by ;, and must be parted by commas
                    sep=;~1;v;f         | line 1, column 5: the fields seem to be parted by ;, and must be parted by commas
                    """)
    void namesTheFirstLineThatIsNotRightAndWhere(String body, String sentence) {
        FuotaException refused = assertThrows(FuotaException.class, () -> read(body, Kind.MANY));

        assertEquals(sentence, refused.sentence());
        assertEquals(ErrorCode.INVALID, refused.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1E5,1E+5,f", "24E6F2800001,1.0.0-rc.1,f", "a;b,\"v;w\",f", "1e+14,v,f", "1,it's,f"})
    void takesWhatOnlyLooksSo(String row) throws IOException {
        assertEquals(1, read(row, Kind.MANY).size());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    1~2                  | 1: 1 - -, 2: 2 - -
                    1,v~2,,g~3,"",""     | 1: 1 v -, 2: 2 - g, 3: 3 - -
                    board_id~1           | 2: 1 - -
                    "a;b"                | 1: a;b - -
                    """)
    void mayLeaveOutWhatIsGivenForAll(String body, String rows) throws IOException {
        assertEquals(rows, told(read(body, Kind.IDS)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    1~bad/id             | line 2, column 1: the device id has a slash
                    1;2                  | line 1, column 2: the fields seem to be parted by ;, and must be parted by commas
                    1\tv                 | line 1, column 2: the fields seem to be parted by a tab, and must be parted by commas
                    1~2~1                | line 3: device 1 is on line 1 already
                    "1~2                 | line 1, column 1: the quote that begins here has no end
                    ,v                   | line 1, column 1: the device id is empty
                    1,v,f,g              | line 1, column 1: it must be three fields: "<device_id>","<app_version>","<update_file_path>"
                    """)
    void isAsStrictWithThose(String body, String sentence) {
        assertEquals(
                sentence,
                assertThrows(FuotaException.class, () -> read(body, Kind.IDS)).sentence());
    }

    /** A board may call itself so, or report such a version; then it is what a developer has to write. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "_1","v",f           | 1: _1 v f          | column 2: the quotes hold a leading or trailing space; it is taken as it is
                    "1","v_",f           | 1: 1 v_ f          | column 6: the quotes hold a leading or trailing space; it is taken as it is
                    "{200b}","v",f       | 1: {200b} v f      | column 2: an invisible character stands here, U+200B; it is taken as it is
                    "1","{201c}v",f      | 1: 1 {201c}v f     | column 6: this quote is typographic, U+201C: use " or none; it is taken as it is
                    "1","v",f            | 1: 1 v f           |
                    """)
    void takesWhatTheRowOfADeviceQuotesAsItIsAndSaysSo(String body, String row, @Nullable String note)
            throws IOException {
        AssignmentList list = read(body, Kind.ONE);

        assertEquals(text(row), told(list));
        assertEquals(note == null ? List.of() : List.of(note), list.notes());
    }

    @Test
    void takesWhatAServerHasWrittenAsItIs() throws IOException {
        AssignmentList list = new AssignmentReader(
                        new StringReader("\" 1\",\"v\u00a0\",\"f\"\n\"\u200b\",\"\u201cv\",\"f\"\n"),
                        5,
                        Kind.MANY,
                        true)
                .read();

        assertEquals("1:  1 v\u00a0 f, 2: \u200b \u201cv f", told(list));
        assertEquals(List.of(), list.notes());
    }

    @Test
    void takesNoLineWithoutEnd() {
        FuotaException refused = assertThrows(FuotaException.class, () -> read("1,v,f~" + "x".repeat(5000), Kind.MANY));

        assertEquals("line 2: it is longer than 4096 characters", refused.sentence());
    }

    @Test
    void takesNoMoreRowsThanAllowed() throws IOException {
        assertEquals(5, read("1,v,f~2,v,f~3,v,f~4,v,f~5,v,f", Kind.MANY).size());

        FuotaException refused =
                assertThrows(FuotaException.class, () -> read("1,v,f~2,v,f~3,v,f~4,v,f~5,v,f~6,v,f", Kind.MANY));

        assertEquals(ErrorCode.TOO_LARGE, refused.code());
        assertEquals("the body has more than 5 assignments", refused.sentence());
    }

    private static String told(AssignmentList list) {
        return list.slices()
                .flatMap(List::stream)
                .map(line -> line.number() + ": " + line.deviceId().value() + " "
                        + (line.version() == null ? "-" : line.version().value()) + " "
                        + (line.file() == null ? "-" : line.file().value()))
                .collect(Collectors.joining(", "));
    }

    private static AssignmentList read(String body, Kind kind) throws IOException {
        return new AssignmentReader(new StringReader(text(body)), 5, kind, false).read();
    }

    /** The table's own escapes, for what can't be seen in it. */
    private static String text(String body) {
        return Pattern.compile("\\{([0-9a-f]{4})}")
                .matcher(body.replace('~', '\n').replace('^', '\r').replace('_', ' '))
                .replaceAll(hex -> String.valueOf((char) Integer.parseInt(hex.group(1), 16)));
    }
}
