package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The WAR once more, at /other, with data of a test's own. */
final class Other {
    private Other() {}

    /** By the operator's ROOT.xml, with the data in {@code data} beside a copy of it. */
    static void deploy(Path folder, UnaryOperator<String> change) throws IOException {
        String context = Files.readString(Path.of("tomcat-conf/ROOT.xml"))
                .replace("${fuota.data:-/var/lib/fuota}", folder.resolve("data").toString())
                // As seldom as in production: some tests count what it holds of the database meanwhile.
                .replace("${fuota.write.delay:-1000}", "1000");
        String answer = tryToDeploy(folder, change.apply(context));
        assertTrue(answer.startsWith("OK"), answer);
    }

    /** What the manager says to it. */
    static String tryToDeploy(Path folder, String context) throws IOException {
        Path file = Files.writeString(folder.resolve("other.xml"), context);
        return Server.send(
                        "GET",
                        "/manager/text/deploy?path=/other&config=" + file.toUri() + "&war=" + Server.WAR.toUri(),
                        Server.MANAGER,
                        (String) null)
                .body();
    }

    static void undeploy() {
        if (Server.send("GET", "/manager/text/list", Server.MANAGER, (String) null)
                .body()
                .contains("/other:")) {
            Server.manager("undeploy?path=/other");
        }
    }

    /** Deletes a folder of update files, which has none: as a disk that goes away. */
    static void deleteFolder(Path files) throws IOException {
        try (DirectoryStream<Path> ours = Files.newDirectoryStream(files, ".*")) {
            for (Path file : ours) {
                Files.delete(file);
            }
        }
        Files.delete(files);
    }

    /** A request of an admin. */
    static HttpResponse<String> send(String method, String path, @Nullable String body) {
        return Server.send(method, "/other" + path, Server.ADMIN, body);
    }
}
