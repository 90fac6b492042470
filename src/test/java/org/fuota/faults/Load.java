package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.fuota.faults.Client.Answer;

/**
 * What developers and boards do all day, at random and at the same time, written down in a {@link Ledger}: uploads, new,
 * replacing and of the same bytes; deletions; single and bulk assignments; withdrawals; polls and downloads.
 */
final class Load {
    static final Set<Integer> POLL_STATUSES = Set.of(200, 204, 400, 403, 404);

    private static final int MAX_FILE_BYTES = 512 * 1024;
    private static final List<String> DEVICES =
            IntStream.range(0, 60).mapToObj(i -> "device-" + i).toList();
    /** More than are written in one transaction. */
    private static final List<String> MANY =
            IntStream.range(0, 600).mapToObj(i -> "many-" + i).toList();

    private static final List<String> FILES = IntStream.range(0, 16)
            .mapToObj(i -> "crash/" + i % 4 + "/" + i + ".bin")
            .toList();
    /** The only ones that rows name: the others can be deleted. */
    private static final List<String> ASSIGNED = FILES.subList(0, 8);

    private final Ledger ledger;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<String, byte[]> lastUploads = new ConcurrentHashMap<>();
    private final Set<String> uploaded = ConcurrentHashMap.newKeySet();
    private final Queue<String> wrongs = new ConcurrentLinkedQueue<>();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();

    Load(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The ledger's key of an update file; its value is the SHA-256. */
    static String fileKey(String path) {
        return "file " + path;
    }

    /** The ledger's key of a device; its value is what {@link #rowValue} makes of its row. */
    static String deviceKey(String deviceId) {
        return "device " + deviceId;
    }

    static String rowValue(String appVersion, String path) {
        return appVersion + " " + path;
    }

    /** Answers that nobody should have got. */
    List<String> wrongs() {
        return List.copyOf(wrongs);
    }

    long requests() {
        return requests.get();
    }

    /** How many writes were acknowledged. */
    long acknowledged() {
        return acknowledged.get();
    }

    /**
     * Has so many clients do something all the time, at random, until it is over.
     *
     * @param noAnswer is told of each request that got none; when it throws, that client ends
     */
    List<Future<?>> begin(
            Client client,
            int clients,
            ExecutorService threads,
            Random random,
            AtomicBoolean isOver,
            Consumer<IOException> noAnswer) {
        List<Future<?>> begun = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Random own = new Random(random.nextLong());
            begun.add(threads.submit(() -> {
                while (!isOver.get()) {
                    try {
                        act(client, own);
                    } catch (IOException e) {
                        noAnswer.accept(e);
                    }
                }
            }));
        }
        return begun;
    }

    /** Does something, and waits for the answer. Throws when there is none. */
    private void act(Client client, Random random) throws IOException {
        int dice = random.nextInt(100);
        if (dice < 25) {
            upload(client, random);
        } else if (dice < 33) {
            String path = any(FILES, random);
            write(Map.of(fileKey(path), Ledger.ABSENT), Set.of(404, 409), () -> client.delete("/files/" + path));
        } else if (dice < 53) {
            assign(client, random);
        } else if (dice < 62) {
            assignMany(client, random);
        } else if (dice < 70) {
            String deviceId = any(DEVICES, random);
            write(Map.of(deviceKey(deviceId), Ledger.ABSENT), Set.of(404), () -> client.delete("/devices/" + deviceId));
        } else if (dice < 90) {
            poll(client, random);
        } else {
            download(client, any(FILES, random));
        }
    }

    /** What is there by the ledger's keys, each file read whole: it is what the list says, and what somebody has uploaded. */
    Map<String, String> look(Client client) throws IOException {
        Map<String, String> found = new HashMap<>();
        for (CSVRecord row : csv(client.get("/devices"))) {
            found.put(deviceKey(row.get(0)), rowValue(row.get(1), row.get(2)));
        }
        for (CSVRecord file : csv(client.get("/files"))) {
            Answer download = client.download(file.get(0));
            String sha256 = Hashes.sha256(download.bytes());
            assertEquals(200, download.status(), file.get(0));
            assertEquals(file.get(2), sha256, "the list and the bytes of " + file.get(0));
            assertEquals(true, uploaded.contains(sha256), file.get(0) + " was never uploaded like this");
            found.put(fileKey(file.get(0)), sha256);
        }
        return found;
    }

    private static List<CSVRecord> csv(Answer answer) throws IOException {
        assertEquals(200, answer.status(), answer.text());
        try (CSVParser parser = CSVFormat.DEFAULT.parse(new StringReader(answer.text()))) {
            return parser.getRecords();
        }
    }

    private void upload(Client client, Random random) throws IOException {
        String path = any(FILES, random);
        byte[] bytes = random.nextInt(5) == 0 ? lastUploads.get(path) : null;
        if (bytes == null) {
            bytes = new byte[1 + random.nextInt(MAX_FILE_BYTES)];
            random.nextBytes(bytes);
            // Nothing that could be taken for a broken image.
            bytes[0] = 'f';
        }
        byte[] content = bytes;
        uploaded.add(Hashes.sha256(content));
        lastUploads.put(path, content);
        BodyPublisher body = random.nextInt(4) == 0
                ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content))
                : BodyPublishers.ofByteArray(content);
        write(
                Map.of(fileKey(path), Hashes.sha256(content)),
                Set.of(),
                () -> client.send("PUT", "/files/" + path, Client.ADMIN, body));
    }

    private void assign(Client client, Random random) throws IOException {
        String deviceId = any(DEVICES, random);
        String appVersion = "v" + numbers.incrementAndGet();
        String path = any(ASSIGNED, random);
        write(
                Map.of(deviceKey(deviceId), rowValue(appVersion, path)),
                Set.of(),
                () -> client.assign(deviceId, appVersion, path));
    }

    private void assignMany(Client client, Random random) throws IOException {
        String appVersion = "bulk" + numbers.incrementAndGet();
        String path = any(ASSIGNED, random);
        StringBuilder rows = new StringBuilder();
        Map<String, String> values = new HashMap<>();
        List<String> deviceIds = new ArrayList<>(
                DEVICES.stream().filter(id -> random.nextBoolean()).toList());
        if (random.nextInt(4) == 0) {
            deviceIds.addAll(MANY);
        }
        for (String deviceId : deviceIds) {
            rows.append(Client.row(deviceId, appVersion, path));
            values.put(deviceKey(deviceId), rowValue(appVersion, path));
        }
        if (!values.isEmpty()) {
            write(values, Set.of(), () -> client.put("/devices", rows.toString()));
        }
    }

    private void poll(Client client, Random random) throws IOException {
        Answer answer = client.poll(any(DEVICES, random), "v" + random.nextInt(1 + numbers.intValue()));
        requests.incrementAndGet();
        if (!POLL_STATUSES.contains(answer.status())) {
            wrongs.add("a poll was answered " + answer.status() + " " + answer.text());
        }
        if (answer.status() == 200 && !ASSIGNED.contains(answer.text())) {
            wrongs.add("a poll was offered " + answer.text());
        }
    }

    private void download(Client client, String path) throws IOException {
        Answer answer = client.download(path);
        requests.incrementAndGet();
        if (answer.status() == 200 && !uploaded.contains(Hashes.sha256(answer.bytes()))) {
            wrongs.add("a download of " + path + " got bytes that were never uploaded");
        }
        if (answer.status() != 200 && answer.status() != 404) {
            wrongs.add("a download was answered " + answer.status() + " " + answer.text());
        }
    }

    private void write(Map<String, String> values, Set<Integer> refusals, Request request) throws IOException {
        Ledger.Begun write = ledger.begin(values);
        Answer answer = request.send();
        requests.incrementAndGet();
        if (answer.status() == 200) {
            write.acknowledge();
            acknowledged.incrementAndGet();
        } else if (refusals.contains(answer.status())) {
            write.refuse();
        } else if (answer.status() != 503) {
            // 503: on a slow disk, the database's lock may take too long to get.
            wrongs.add(values.keySet() + " were answered " + answer.status() + " " + answer.text());
        }
    }

    private static String any(List<String> some, Random random) {
        return some.get(random.nextInt(some.size()));
    }

    private interface Request {
        Answer send() throws IOException;
    }
}
