package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The bill of materials that the build makes: whoever looks up advisories by it must miss nothing. */
class BomIT {
    @Test
    void namesEveryLibraryInTheWar() throws IOException {
        assumeFalse("offline: true".equals(System.getProperty("it.bom.maven")), "offline, Maven doesn't make it");
        JsonObject bom = OpenApi.json(Files.readString(Path.of(System.getProperty("it.bom"))))
                .getAsJsonObject();
        List<String> components = bom.getAsJsonArray("components").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .map(component -> component.get("name").getAsString() + "-"
                        + component.get("version").getAsString() + ".jar")
                // Annotations that Micrometer and Gson would bring, and that aren't needed to run them.
                .filter(name -> !name.startsWith("jspecify-") && !name.startsWith("error_prone_annotations-"))
                .sorted()
                .toList();
        List<String> libraries;
        try (JarFile war = new JarFile(Server.WAR.toFile())) {
            libraries = war.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("WEB-INF/lib/") && name.endsWith(".jar"))
                    .map(name -> name.substring("WEB-INF/lib/".length()))
                    .sorted()
                    .toList();
        }

        assertEquals("CycloneDX", bom.get("bomFormat").getAsString());
        assertTrue(libraries.size() > 5, libraries.toString());
        assertEquals(String.join("\n", libraries), String.join("\n", components));
    }
}
