package org.fuota.notify;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.fuota.tomcat.TomcatProcess;

/** Somebody who takes webhooks, on 127.0.0.1: answers 200, or first what a test says. */
public final class Receiver implements Closeable {
    private final HttpServer server;
    private final ConcurrentLinkedQueue<Integer> answers = new ConcurrentLinkedQueue<>();
    private final List<Told> told = new CopyOnWriteArrayList<>();
    private volatile Predicate<String> refused = text -> false;

    /** A request that came. */
    public record Told(String path, Headers headers, String body) {
        public JsonObject json() {
            return JsonParser.parseString(body).getAsJsonObject();
        }

        public String text() {
            return json().get("text").getAsString();
        }

        public String id() {
            return json().get("id").getAsString();
        }
    }

    /** @param first the statuses that it answers first */
    public Receiver(Integer... first) throws IOException {
        this(TomcatProcess.freePort(), List.of(first));
    }

    static Receiver at(int port) throws IOException {
        return new Receiver(port, List.of());
    }

    private Receiver(int port, List<Integer> first) throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", this::answer);
        server.start();
        answers.addAll(first);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Told one = new Told(exchange.getRequestURI().toString(), exchange.getRequestHeaders(), body);
        told.add(one);
        Integer next = answers.poll();
        int status = refused.test(one.text()) ? 500 : next == null ? 200 : next;
        exchange.getResponseHeaders().set("Location", "/elsewhere");
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    /** Answers 500 whenever the text is so. */
    void refuse(Predicate<String> text) {
        refused = text;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port() + "/S3CRET?S3CRET";
    }

    public List<Told> told() {
        return told;
    }

    public List<String> texts() {
        return told.stream().map(Told::text).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
