package org.fuota.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestsTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # query                    | value of app_ver
            app_ver=0.1.0              | 0.1.0
            app_ver=1.0.0+abc          | 1.0.0+abc
            app_ver=1.0.0%2Babc        | 1.0.0+abc
            app_ver=1.0.0%20abc        | 1.0.0 abc
            app_ver=1%2E0+abc          | 1.0+abc
            app_ver=%C3%A9             | é
            app_ver=%c3%a9             | é
            app_ver=a=b                | a=b
            app_ver==                  | =
            app_ver=a;b                | a;b
            app_ver=a:b/c?d            | a:b/c?d
            x=1&app_ver=2              | 2
            app_ver=2&x=1              | 2
            &&app_ver=2&&              | 2
            app%5Fver=2                | 2
            xapp_ver=1&app_ver=2       | 2
            # none, empty, or more than one
            ``                         |
            x=1                        |
            app_ver                    |
            app_ver=                   |
            APP_VER=1                  |
            app_ver=1&app_ver=1        |
            app_ver=1&app_ver=         |
            app_ver&app_ver=1          |
            app_ver=1&app%5Fver=2      |
            # not percent-encoded UTF-8
            app_ver=%                  |
            app_ver=%4                 |
            app_ver=%zz                |
            app_ver=%4g                |
            app_ver=a%                 |
            app_ver=%FF                |
            app_ver=%C3                |
            app_ver=%C3x               |
            app_ver=%C0%AE             |
            app_ver=%ED%A0%80          |
            app_ver=1&%zz              |
            """)
    void queryValue(String query, @Nullable String value) {
        if (value == null) {
            FuotaException refused = assertThrows(FuotaException.class, () -> Requests.queryValue(query, "app_ver"));
            assertEquals(ErrorCode.INVALID, refused.code());
        } else {
            assertEquals(value, Requests.queryValue(query, "app_ver"));
        }
    }

    @ParameterizedTest(name = "Accept: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            application/json                           | true
            APPLICATION/JSON;q=0.1                     | true
            text/html, application/json ; charset=utf-8 | true
            application/json;q=0                       | false
            application/json; q=0.000                  | false
            application/json;q=0;x=y, text/csv         | false
            application/json-seq                       | false
            application/*                              | false
            */*                                        | false
            text/csv                                   | false
            """)
    void wantsJson(String accept, boolean wants) {
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> Collections.enumeration(List.of(accept)));

        assertEquals(wants, Requests.wantsJson(request));
    }

    /** Were it more than linear, or recursive, this wouldn't end, or end in a StackOverflowError. */
    @Test
    void takesInputOfAnyLength() {
        int length = 100_000;

        assertEquals("A".repeat(length), Requests.queryValue("app_ver=" + "%41".repeat(length), "app_ver"));
        assertEquals("1", Requests.queryValue("x&".repeat(length) + "app_ver=1", "app_ver"));
        assertThrows(FuotaException.class, () -> Requests.query("force=true&".repeat(length), Set.of("force")));
        assertThrows(FuotaException.class, () -> Requests.query("&".repeat(length), Set.of("force")));
        wantsJson("application/json" + ";q=0".repeat(length), false);
        wantsJson("application/json;" + " \t".repeat(length), true);
        wantsJson("application/json;q=0,".repeat(length), false);
    }
}
