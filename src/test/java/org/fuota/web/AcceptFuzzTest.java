package org.fuota.web;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

class AcceptFuzzTest {
    /** Each line is one of the header. */
    @FuzzTest(maxDuration = "1m")
    void isJsonOnlyWhereItIsNamed(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        List<String> lines = List.of(text.split("\n"));
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> Collections.enumeration(lines));

        if (Requests.wantsJson(request)) {
            assertTrue(text.replaceAll("[ \t]", "").toLowerCase(Locale.ROOT).contains("application/json"), text);
        }
    }
}
