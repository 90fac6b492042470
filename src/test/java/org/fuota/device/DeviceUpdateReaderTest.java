package org.fuota.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceUpdateReaderTest {
    @Test
    void readsALineADevice() throws IOException {
        List<UpdateLine> lines = read("\ufeff\"1\",\"v\",\"f\"\r\n\n2,v,f\n  \n\"3,\"\"x\",w,g");

        assertEquals(
                List.of("1: 1 v f", "3: 2 v f", "5: 3,\"x w g"),
                lines.stream()
                        .map(line -> line.number() + ": "
                                + line.update().deviceId().value() + " "
                                + line.update().appVersion().value() + " "
                                + line.update().updateFilePath().value())
                        .toList());
        assertSame(
                lines.get(0).update().updateFilePath(),
                lines.get(1).update().updateFilePath(),
                "equal paths are held once");
        assertSame(lines.get(0).update().appVersion(), lines.get(1).update().appVersion());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    ''                | the body has no row
                    ~~                | the body has no row
                    1,v,f~2,v         | line 2: it must be one row of three fields: "<device_id>","<app_version>","<update_file_path>"
                    1,v,f~~2,v,f,x    | line 3: it must be one row of three fields: "<device_id>","<app_version>","<update_file_path>"
                    ,v,f              | line 1: the device id is empty
                    1,v,f~2,,f        | line 2: the app version is empty
                    1,v,f~2,v,        | line 2: the update file path is empty
                    1,v,f~2,v,../f    | line 2: the update file path has a segment that starts with a dot
                    1,v,f~a/b,v,f     | line 2: the device id has a slash
                    1,v,f~2,v,"f~3,v,f | line 2: it isn't CSV: its quotes don't match
                    1,v,f~2,v,f~~1,w,g | line 4: device 1 is on line 1 already
                    """)
    void namesTheFirstLineThatIsNotRight(String body, String sentence) {
        FuotaException refused = assertThrows(FuotaException.class, () -> read(body.replace('~', '\n')));

        assertEquals(sentence, refused.sentence());
        assertEquals(ErrorCode.INVALID, refused.code());
    }

    @Test
    void takesNoLineWithoutEnd() {
        FuotaException refused = assertThrows(FuotaException.class, () -> read("1,v,f\n" + "x".repeat(5000)));

        assertEquals("line 2: it is longer than 4096 characters", refused.sentence());
    }

    @Test
    void takesNoMoreRowsThanAllowed() throws IOException {
        assertEquals(3, read("1,v,f\n2,v,f\n3,v,f\n").size());

        FuotaException refused = assertThrows(FuotaException.class, () -> read("1,v,f\n2,v,f\n3,v,f\n4,v,f\n"));

        assertEquals(ErrorCode.TOO_LARGE, refused.code());
        assertEquals("the body has more than 3 rows", refused.sentence());
    }

    private static List<UpdateLine> read(String body) throws IOException {
        return new DeviceUpdateReader(new StringReader(body), 3).read();
    }
}
