package org.fuota.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.fuota.error.ErrorCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalTest {
    @ParameterizedTest
    @EnumSource
    void knowsEachCode(ErrorCode code) {
        assertEquals(code.name(), Refusal.of(code).name());
    }
}
