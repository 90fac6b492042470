package org.fuota.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Its rules for bodies are rows of WireIT; here are the odd ones. */
class DeviceUpdateCsvTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"1\",\"v\",\"f\"",
                "\"1\",\"v\",\"f\"\n",
                "\"1\",\"v\",\"f\"\r\n",
                "1,v,f",
                "1,\"v\",f\n",
            })
    void parses(String csv) {
        DeviceUpdate update = DeviceUpdateCsv.parse(csv, "the body");

        assertEquals("1", update.deviceId().value());
        assertEquals("v", update.appVersion().value());
        assertEquals("f", update.updateFilePath().value());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                ",",
                "1,v",
                "1,v,f,",
                ",,",
                "1,v,",
                "1,,f",
                ",v,f",
                "1,v,f\n2,v,f",
                "1;v;f",
                "1\tv\tf",
                "\"1\",\"v\",\"f",
                "\"1\"x,v,f",
                "\"",
                "\ufeff1,v,",
            })
    void refuses(String csv) {
        assertEquals(
                ErrorCode.INVALID,
                assertThrows(FuotaException.class, () -> DeviceUpdateCsv.parse(csv, "the body"))
                        .code());
    }
}
