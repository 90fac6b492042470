package org.fuota.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.fuota.error.FuotaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionJsonTest {
    @Test
    void hasCarefulDefaults() {
        assertEquals(
                "{\"file\":\"f.bin\",\"replaces\":[\"1\"],\"stages\":[1,10,50,100],\"success_percent\":95,\"soak\":\"PT1H\","
                        + "\"max_failed_percent\":5,\"min_boards\":10,\"max_downloads\":5,\"zone\":\"UTC\",\"any_image\":false}",
                DefinitionJson.json(DefinitionJson.parse("{\"file\":\"f.bin\",\"replaces\":[\"1\"]}"))
                        .toString());
    }

    @Test
    void isTheSameAfterItWasKept() {
        String all =
                "{\"file\":\"f.bin\",\"replaces\":[\"1.4.2\",\"1.5.0\"],\"group\":\"field\",\"except\":\"lab\",\"prefix\":\"green-\","
                        + "\"stages\":[\"canary\",0.25,10,100],\"success_percent\":90,\"soak\":\"PT2H\",\"max_failed_percent\":3,"
                        + "\"min_boards\":20,\"max_downloads\":2,\"offers_per_minute\":200,\"starts\":\"2026-12-01T20:00:00Z\","
                        + "\"hours\":\"22:00-05:00\",\"zone\":\"Europe/Berlin\",\"any_image\":true}";

        assertEquals(all, DefinitionJson.json(DefinitionJson.parse(all)).toString());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | the definition isn't a JSON object",
                "[] | the definition isn't a JSON object",
                "{\"file\":\"f\",\"replaces\":[\"1\"]} x | the definition isn't JSON: at line 1 column 32",
                "{'file':\"f\"} | the definition isn't JSON: at line 1 column 3",
                "{\"replaces\":[\"1\"]} | the definition lacks file",
                "{\"file\":\"f\"} | the definition lacks replaces",
                "{\"file\":5,\"replaces\":[\"1\"]} | file must be text",
                "{\"file\":\"a//b\",\"replaces\":[\"1\"]} | file: the update file path has an empty segment: no slash at its start or end, nor two in a row",
                "{\"file\":\"f\",\"replaces\":\"1\"} | replaces must be a list",
                "{\"file\":\"f\",\"replaces\":[]} | replaces must name 1 to 100 versions",
                "{\"file\":\"f\",\"replaces\":[\"1\",\"1\"]} | replaces names 1 twice",
                "{\"file\":\"f\",\"replaces\":[1]} | replaces must be text",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"stage\":[1]} | the definition has an unknown field stage",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"stages\":[]} | there must be 1 to 50 stages",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"stages\":[10,10]} | the percentages of stages must rise",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"stages\":[0]} | a percentage of stages must be from 0.01 to 100, in hundredths",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"stages\":[100.01]} | a percentage of stages must be from 0.01 to 100, in hundredths",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"stages\":[0.001]} | a percentage of stages must be from 0.01 to 100, in hundredths",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"stages\":[1e999999999]} | a percentage of stages must be from 0.01 to 100, in hundredths",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"stages\":[\"a b\"]} | stages: a%20b isn't a name: 1 to 64 characters out of A-Z a-z 0-9 . _ -",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"stages\":[\"a\",\"a\"]} | stages name group a twice",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"stages\":[true]} | stages must be text",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"success_percent\":101} | success_percent must be a whole number from 0 to 100",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"success_percent\":1e99999999} | success_percent must be a whole number from 0 to 100",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"success_percent\":9.5} | success_percent must be a whole number",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"success_percent\":\"95\"} | success_percent must be a whole number from 0 to 100",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"soak\":\"1h\"} | soak must be a duration such as PT1H or P1D",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"soak\":\"PT-1H\"} | soak must be from PT0S to P365D",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"soak\":\"P366D\"} | soak must be from PT0S to P365D",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"min_boards\":0} | min_boards must be a whole number from 1 to 1000000",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"starts\":\"tomorrow\"} | starts must be a time in UTC such as 2026-12-01T20:00:00Z",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"hours\":\"22:00\"} | hours must be two times such as 22:00-05:00",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"hours\":\"22:00-22:00\"} | hours begin when they end: leave them out for all day",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"hours\":\"25:00-05:00\"} | hours must be two times such as 22:00-05:00",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"zone\":\"Berlin\"} | zone must be a time zone such as Europe/Berlin",
                "{\"file\":\"f\",\"replaces\":[\"1\"],\"any_image\":\"yes\"} | any_image must be true or false"
            })
    void namesTheFieldAtFault(String json, String sentence) {
        FuotaException refused = assertThrows(FuotaException.class, () -> DefinitionJson.parse(json));

        assertEquals(sentence, refused.sentence());
    }
}
