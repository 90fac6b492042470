package org.fuota.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** The WAR under test once more, at {@code /sim}: with data, and a clock, in a folder of the test's own. */
final class SimulatedServer implements AutoCloseable {
    static final String CONTEXT = "/sim";
    /** The file of the clock that nobody sets. */
    static final String RUNNING = "running";

    private final String context;
    private final Path data;
    private final Path folder;
    private final Path clocks;
    private final UnaryOperator<String> change;
    private final FileClock clock;
    private final FileClock running;

    /**
     * Deploys.
     *
     * @param change of the operator's ROOT.xml
     */
    SimulatedServer(Path folder, Instant now, UnaryOperator<String> change) throws IOException {
        this(CONTEXT, folder, folder, change);
        setClock(now);
        running.set(now);
        deploy();
    }

    /** As {@link #SimulatedServer(Path, Instant, UnaryOperator)}, by the clock of another. */
    SimulatedServer(String context, Path folder, SimulatedServer other, UnaryOperator<String> change)
            throws IOException {
        this(context, folder, other.clocks, change);
        deploy();
    }

    private SimulatedServer(String context, Path folder, Path clocks, UnaryOperator<String> change) throws IOException {
        this.context = context;
        this.folder = folder;
        this.clocks = clocks;
        this.change = change;
        data = folder.resolve("data");
        clock = new FileClock(file(clocks.resolve("clock")));
        running = new FileClock(file(clocks.resolve(RUNNING)));
    }

    private static Path file(Path path) throws IOException {
        return Files.exists(path) ? path : Files.createFile(path);
    }

    private void deploy() throws IOException {
        Path time = clocks.resolve("clock");
        String xml = Files.readString(Path.of("tomcat-conf/ROOT.xml"))
                .replace("${fuota.data:-/var/lib/fuota}", data.toString())
                .replace(
                        "</Context>",
                        "<Environment name='fuota/clock' type='java.lang.String' value='" + time + "' /></Context>");
        Path config = Files.writeString(folder.resolve("sim.xml"), change.apply(xml));
        Server.manager("deploy?path=" + context + "&config=" + config.toUri() + "&war="
                + war(folder.resolve("sim.war")).toUri());
    }

    /** The WAR whose listener is {@link SimulatedListener}. */
    private static Path war(Path copy) throws IOException {
        Files.copy(Server.WAR, copy);
        try (FileSystem war = FileSystems.newFileSystem(copy)) {
            Path webXml = war.getPath("WEB-INF/web.xml");
            Files.writeString(
                    webXml,
                    Files.readString(webXml).replace("org.fuota.FuotaListener", SimulatedListener.class.getName()));
            Path classes = Files.createDirectories(war.getPath("WEB-INF/classes/org/fuota/it"));
            for (Class<?> type : List.of(SimulatedListener.class, FileClock.class)) {
                String name = type.getSimpleName() + ".class";
                try (InputStream in = Objects.requireNonNull(type.getResourceAsStream(name))) {
                    Files.copy(in, classes.resolve(name));
                }
            }
        }
        return copy;
    }

    /** Lets time pass until then. */
    void setTime(Instant now) {
        running.set(running.instant().plus(Duration.between(clock.instant(), now)));
        clock.set(now);
    }

    /** Somebody sets the clock: no time passes. */
    void setClock(Instant now) {
        clock.set(now);
    }

    Instant time() {
        return clock.instant();
    }

    String context() {
        return context;
    }

    HttpResponse<String> send(String method, String path) {
        return Server.send(method, context + path, Server.ADMIN, (String) null);
    }

    HttpResponse<String> get(String path) {
        return send("GET", path);
    }

    List<List<String>> csv(String path) {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return parse(answer.body());
    }

    static List<List<String>> parse(String csv) {
        try (CSVParser parser = CSVParser.parse(csv, CSVFormat.DEFAULT)) {
            return parser.stream().map(CSVRecord::toList).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The body, as JSON. */
    String json(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(Server.ROOT + context + path))
                .header("Authorization", Server.ADMIN)
                .header("Accept", "application/json")
                .build();
        return Server.send(request, BodyHandlers.ofString()).body();
    }

    /** Where the bytes of an update file lie. */
    Path blob(String content) {
        return Server.blob(data.resolve("blobs"), content.getBytes(StandardCharsets.UTF_8));
    }

    void restart() {
        stop();
        start();
    }

    void stop() {
        Server.manager("stop?path=" + context);
    }

    void start() {
        Server.manager("start?path=" + context);
    }

    @Override
    public void close() {
        Server.manager("undeploy?path=" + context);
    }
}
