package org.fuota.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.fuota.bench.client.BoardTls;
import org.fuota.bench.report.Figure;
import org.fuota.bench.report.Result;
import org.fuota.bench.server.KeyKind;
import org.fuota.bench.server.ServerHeap;
import org.jspecify.annotations.Nullable;

/** All rows at once, out and in. Each twice: for its time, and for what it keeps in the heap, while garbage is collected all the time. */
record ListsRun() implements Workload {
    private static final double MB = 1e6;

    @Override
    public String name() {
        return "lists";
    }

    @Override
    public Result run(Rig rig) throws IOException, InterruptedException {
        rig.use(KeyKind.ECDSA);
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(BoardTls.TLS_1_2.context())
                .build();
        Path csv = Settings.FOLDER.resolve("rows.csv");
        List<Figure> figures = new ArrayList<>();
        int rows = rig.fleet().rows();
        try (ServerHeap heap = new ServerHeap(rig.product().tomcat().pid())) {
            measure(figures, "GET /devices, %,d rows".formatted(rows), heap, 64.0, () -> list(rig, client));
            // Another version each time, none of which a board runs: a row that is there already would cost less.
            int[] patch = {2};
            measure(figures, "PUT /devices, %,d rows".formatted(rows), heap, null, () -> {
                rig.fleet().writeCsv(csv, "1.0." + patch[0]++);
                return assign(rig, client, csv);
            });
        } finally {
            Files.deleteIfExists(csv);
        }
        return Result.of(figures);
    }

    /** @param work returns its seconds */
    private void measure(
            List<Figure> figures, String title, ServerHeap heap, @Nullable Double goal, Callable<Double> work)
            throws IOException, InterruptedException {
        long before = heap.live();
        ServerHeap.Peak<Double> used = heap.peak(false, work);
        long between = heap.live();
        ServerHeap.Peak<Double> live = heap.peak(true, work);
        figures.add(Figure.of(title, "time", used.result(), " s"));
        Figure growth = Figure.of(title, "heap growth", (live.bytes() - between) / MB, " MB")
                .details(Figure.number((used.bytes() - before) / MB) + " MB with garbage");
        figures.add(goal == null ? growth : growth.atMost(goal));
    }

    private double list(Rig rig, HttpClient client) throws IOException, InterruptedException {
        long start = System.nanoTime();
        HttpResponse<InputStream> answer = client.send(request(rig).GET().build(), BodyHandlers.ofInputStream());
        long lines = 0;
        byte[] part = new byte[1 << 16];
        try (InputStream in = answer.body()) {
            for (int length = in.read(part); length >= 0; length = in.read(part)) {
                for (int at = 0; at < length; at++) {
                    lines += part[at] == '\n' ? 1 : 0;
                }
            }
        }
        if (lines != rig.fleet().rows()) {
            throw new IOException("the list has " + lines + " lines: " + answer);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private double assign(Rig rig, HttpClient client, Path csv) throws IOException, InterruptedException {
        long start = System.nanoTime();
        HttpResponse<String> answer =
                client.send(request(rig).PUT(BodyPublishers.ofFile(csv)).build(), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("the rows were refused: " + answer.statusCode() + " " + answer.body());
        }
        Rig.say(name() + ": " + answer.body().lines().findFirst().orElse(""));
        return (System.nanoTime() - start) / 1e9;
    }

    private static HttpRequest.Builder request(Rig rig) {
        return HttpRequest.newBuilder(URI.create(rig.product().tomcat().root() + "/devices"))
                .header("Authorization", rig.product().adminAuthorization());
    }
}
