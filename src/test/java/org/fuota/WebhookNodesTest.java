package org.fuota;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.notify.Event;
import org.fuota.notify.Notifier;
import org.fuota.notify.Receiver;
import org.fuota.notify.Webhooks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WebhookNodesTest {
    @TempDir
    Path folder;

    private final String name = "w" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void sendsEachEventOnceAndGoesOnElsewhereWhenANodeIsCutOff() throws Exception {
        try (BasicDataSource pool = TestDatabase.postgresql(folder, name);
                BasicDataSource another = TestDatabase.postgresql(folder, name);
                Database first = new Database(pool);
                Database second = new Database(another);
                Receiver receiver = new Receiver()) {
            Webhooks webhooks = Webhooks.parse(receiver.url(), "", true);
            Notifier a = new Notifier(first, webhooks, "a", Clock.systemUTC(), System::nanoTime);
            Notifier b = new Notifier(second, webhooks, "b", Clock.systemUTC(), System::nanoTime);
            List<String> senders = new ArrayList<>();
            Background ofA = new Background(1, first);
            ofA.alone("webhooks", 0, 1, () -> send("a", a, senders));
            Background ofB = new Background(1, second);
            ofB.alone("webhooks", 0, 1, () -> send("b", b, senders));
            for (int i = 0; i < 20; i++) {
                tell(i % 2 == 0 ? first : second, i % 2 == 0 ? a : b, i);
            }
            await(() -> receiver.told().size() >= 20);
            assertEquals(20, receiver.told().size());
            assertEquals(1, new HashSet<>(copy(senders)).size(), "one of them sends");
            String sender = copy(senders).get(0);

            Database cutOff = sender.equals("a") ? first : second;
            (sender.equals("a") ? ofA : ofB).stop();
            cutOff.close();
            for (int i = 20; i < 30; i++) {
                tell(sender.equals("a") ? second : first, sender.equals("a") ? b : a, i);
            }
            await(() -> receiver.told().size() >= 30);

            List<String> texts = receiver.texts();
            for (int i = 0; i < 30; i++) {
                assertEquals("" + i, texts.get(i));
            }
            assertEquals(
                    30,
                    receiver.told().stream().map(Receiver.Told::id).distinct().count());
            assertEquals(2, new HashSet<>(copy(senders)).size());
            ofA.stop();
            ofB.stop();
        }
    }

    private static void send(String node, Notifier notifier, List<String> senders) {
        synchronized (senders) {
            senders.add(node);
        }
        notifier.send(0);
    }

    private static List<String> copy(List<String> senders) {
        synchronized (senders) {
            return List.copyOf(senders);
        }
    }

    private static void tell(Database database, Notifier notifier, int number) {
        database.transaction(transaction -> {
            notifier.tell(
                    transaction,
                    new Event(
                            Event.Kind.TEST,
                            "test",
                            "" + number,
                            Clock.systemUTC().instant()));
            return 1;
        });
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }
}
