package org.fuota.tomcat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the files in {@code deploy} say of the image, of ROOT.xml, of each other, and of the server, is so. */
class DeployTest {
    private static final Path DEPLOY = Path.of("deploy");
    private static final String TOMCAT = "/usr/local/tomcat/";
    private static final String CONTEXTS = "conf/Catalina/localhost/";
    private static final List<String> NODES = List.of("node-1", "node-2");

    @Test
    void rootXmlIsTheOtherOneWithTheResourceAndTheTlsOfReadme() throws IOException {
        Pattern resource = Pattern.compile("(?s) *<Resource name=\"jdbc/fuota\".*?/>");
        String readme = read("README.md");
        String tls = first(readme, "add `((?:&amp;)sslmode=verify-full&amp;sslrootcert=[^`]+)` to the URL");
        String expected = first(readme, "(" + resource + ")").replace("tcpKeepAlive=true", "tcpKeepAlive=true" + tls);

        assertEquals(expected, first(read("deploy/ROOT.xml"), "(" + resource + ")"));
        assertEquals(
                first(read("tomcat-conf/ROOT.xml"), "(?s)(<Context>.*?)  <!--\\s*The database\\."),
                first(read("deploy/ROOT.xml"), "(?s)(<Context>.*?)  <!--\\s*The database\\."));
    }

    @Test
    void composeRunsTheImageOfTheDockerfile() throws IOException {
        Node compose = yaml("compose.yaml").get(0);
        Node node = compose.at("services", "node-1");

        assertTrue(read("Dockerfile").contains("#   docker build --tag " + node.text("image") + " "));
        assertEquals("node-1", compose.at("services", "node-2", "extends").text("service"));
        assertEquals(
                Set.of("extends", "environment", "volumes", "networks"),
                compose.at("services", "node-2").keys());
        for (String name : NODES) {
            Node one = compose.at("services", name);
            assertTrue(one.at("environment").text("CATALINA_OPTS").startsWith("-Dfuota.node=" + name + " "));
            assertEquals(data(), one.mounts().get(name), "a data folder of its own");
            assertTrue(compose.at("volumes").keys().contains(name));
        }
        assertOptions(node.at("environment"));
        assertEquals(data() + "/conf", node.mounts().get("./secrets/conf"));
        assertEquals(
                node.at("environment").text("FUOTA_TLS_CERTIFICATE"),
                node.mounts().get("./secrets/tls") + "/cert.pem");
        assertEquals(node.at("environment").text("FUOTA_TLS_KEY"), node.mounts().get("./secrets/tls") + "/key.pem");
        assertEquals(TOMCAT + CONTEXTS + "ROOT.xml", node.secrets().get("ROOT.xml"));
        assertEquals(authority(), node.secrets().get("database-cert.pem"));
    }

    @Test
    void composeMountsWhatIsThere() throws IOException {
        Node compose = yaml("compose.yaml").get(0);
        String made = read("deploy/make-secrets");
        Set<String> declared = compose.at("secrets").keys();

        for (String secret : declared) {
            assertEquals("./secrets/" + secret, compose.at("secrets", secret).text("file"));
            assertTrue(made.contains(secret), secret);
        }
        Set<String> used = new TreeSet<>();
        for (String service : compose.at("services").keys()) {
            Node one = compose.at("services", service);
            used.addAll(one.secrets().keySet());
            for (String source : one.mounts().keySet()) {
                assertTrue(
                        compose.at("volumes").keys().contains(source)
                                || Set.of("./secrets/conf", "./secrets/tls").contains(source)
                                || Files.isRegularFile(DEPLOY.resolve(source)),
                        source);
            }
        }
        assertEquals(declared, used);
    }

    @Test
    void composesHaproxyFindsTheNodes() throws IOException {
        Node compose = yaml("compose.yaml").get(0);
        Node haproxy = compose.at("services", "haproxy");
        String port = port();
        String source = haproxy.mounts().keySet().iterator().next();
        String configuration = Files.readString(DEPLOY.resolve(source));

        assertEquals(List.of(port() + ":" + port()), haproxy.list("ports"));
        assertTrue(configuration.contains("bind :" + port() + "\n"));
        assertTrue(haproxy.at("healthcheck").list("test").toString().contains("/127.0.0.1/" + port()));
        assertEquals(
                all(configuration, "\n  server node-\\d (.*)"),
                haproxy.list("extra_hosts").stream()
                        .map(host -> host.split(":")[0] + ":" + port)
                        .toList());
        assertEquals(
                haproxy.list("extra_hosts").stream()
                        .map(host -> host.split(":")[1])
                        .toList(),
                NODES.stream()
                        .map(node -> compose.at("services", node, "networks", "fuota")
                                .text("ipv4_address"))
                        .toList());
        String socket = first(configuration, "stats socket (\\S+)/[^/]+ ");
        assertTrue(haproxy.list("tmpfs").get(0).startsWith(socket + ":"), socket);
    }

    @Test
    void composesDatabaseIsTheOneOfRootXml() throws IOException {
        Node compose = yaml("compose.yaml").get(0);
        Node database = compose.at("services", "database");
        String host = first(read("deploy/make-secrets"), "s/db-1.example.com,db-2.example.com/(.*?)/'");

        assertTrue(compose.at("services").keys().contains(host));
        assertTrue(read("deploy/ROOT.xml").contains("://db-1.example.com,db-2.example.com/fuota?"));
        assertTrue(read("deploy/make-secrets").contains("subjectAltName=DNS:" + host + " "));
        assertTrue(read("deploy/postgresql.sql").contains("CREATE DATABASE fuota "));
        assertTrue(read("deploy/postgresql.sql").contains("CREATE ROLE fuota LOGIN"));
        assertTrue(read("deploy/ROOT.xml").contains("username=\"fuota\""));
        assertEquals(
                List.of("/docker-entrypoint-initdb.d/1-postgresql.sql", "/docker-entrypoint-initdb.d/2-password.sh"),
                Stream.of("./postgresql.sql", "./postgresql-password")
                        .map(database.mounts()::get)
                        .toList());
        assertTrue(Files.isExecutable(DEPLOY.resolve("postgresql-password")));
        for (String file :
                all(database.text("command") + read("deploy/postgresql-password"), "/run/secrets/([a-z.-]+)")) {
            assertTrue(database.secrets().containsKey(file), file);
        }
        assertEquals(
                Set.of("POSTGRES_PASSWORD_FILE"), database.at("environment").keys(), "no password but in a file");
        String owner = database.text("user");
        assertTrue(read("deploy/make-secrets")
                .contains("chown " + owner + " database-password superuser-password database-key.pem\n"));
        assertTrue(read("deploy/make-secrets").contains("chown -R " + user() + ":" + user() + " conf tls ROOT.xml\n"));
    }

    @Test
    void composeBoundsEachServiceAndStartsItAgain() throws IOException {
        Node services = yaml("compose.yaml").get(0).at("services");
        for (String name : services.keys()) {
            Node service = services.at(name);
            // The second node has all of the first.
            if (!service.keys().contains("extends")) {
                assertEquals("always", service.text("restart"), name);
                assertEquals(
                        Set.of("cpus", "memory"),
                        service.at("deploy", "resources", "limits").keys(),
                        name);
                assertTrue(
                        service.keys().contains("healthcheck")
                                != service.text("image").equals("fuota"),
                        name);
            }
        }
        assertTrue(read("Dockerfile").contains("\nHEALTHCHECK "));
    }

    @Test
    void kubernetesRunsTheImageOfTheDockerfile() throws IOException {
        Node deployment = kubernetes("Deployment");
        Node pod = deployment.at("spec", "template", "spec");
        Node container = pod.item("containers", 0);

        assertEquals("2", deployment.at("spec").text("replicas"));
        assertEquals("true", pod.at("securityContext").text("runAsNonRoot"));
        for (String id : List.of("runAsUser", "runAsGroup", "fsGroup")) {
            assertEquals(user(), pod.at("securityContext").text(id), id);
        }
        assertEquals(port(), container.item("ports", 0).text("containerPort"));
        Node environment = container.named("env", "value");
        assertOptions(environment);
        assertTrue(environment.text("CATALINA_OPTS").contains("-Dfuota.node=$(NODE) "));
        Node mounts = container.named("volumeMounts", "mountPath");
        assertEquals(data(), mounts.text("data"));
        assertEquals(data() + "/conf", mounts.text("users"));
        assertEquals(TOMCAT + CONTEXTS, mounts.text("context") + "/");
        assertEquals(authority(), mounts.text("authority") + "/database-ca.pem");
        assertEquals(mounts.text("tls") + "/tls.crt", environment.text("FUOTA_TLS_CERTIFICATE"));
        assertEquals(mounts.text("tls") + "/tls.key", environment.text("FUOTA_TLS_KEY"));
        assertTrue(read("deploy/kubernetes.yaml")
                .contains("--from-file=ROOT.xml --from-file=database-ca.pem --from-file=DIR/conf/tomcat-users.xml"));
        Node volumes = pod.named("volumes", "secret");
        assertEquals(
                Map.of("users", "tomcat-users.xml", "context", "ROOT.xml", "authority", "database-ca.pem"),
                Stream.of("users", "context", "authority")
                        .collect(Collectors.toMap(
                                name -> name,
                                name -> volumes.at(name).item("items", 0).text("path"))));
        assertTrue(pod.item("volumes", 0).keys().contains("emptyDir"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"startupProbe /health/live", "livenessProbe /health/live", "readinessProbe /health/ready"})
    void kubernetesAsksWhatTheServerAnswers(String probe) throws IOException {
        String[] words = probe.split(" ");
        Node asked = kubernetes("Deployment")
                .at("spec", "template", "spec")
                .item("containers", 0)
                .at(words[0], "httpGet");

        assertEquals(words[1], asked.text("path"));
        assertEquals("HTTPS", asked.text("scheme"));
        assertTrue(read("src/main/webapp/openapi.yaml").contains("\n  " + asked.text("path") + ":\n"));
    }

    @Test
    void kubernetesNamesFitTogether() throws IOException {
        Node deployment = kubernetes("Deployment");
        Node labels = deployment.at("spec", "template", "metadata", "labels");

        assertEquals(labels, deployment.at("spec", "selector", "matchLabels"));
        assertEquals(labels, kubernetes("PodDisruptionBudget").at("spec", "selector", "matchLabels"));
        assertEquals(labels, kubernetes("Service").at("spec", "selector"));
        assertEquals(port(), kubernetes("Service").at("spec").item("ports", 0).text("port"));
        assertEquals(
                labels,
                deployment
                        .at("spec", "template", "spec")
                        .item("topologySpreadConstraints", 0)
                        .at("labelSelector", "matchLabels"));
        // Applying it again would put a placeholder in place of a password.
        assertEquals(
                List.of("Deployment", "PodDisruptionBudget", "Service"),
                yaml("kubernetes.yaml").stream().map(one -> one.text("kind")).toList());
    }

    /** Each option and variable is one that Fuota's files know. */
    private static void assertOptions(Node environment) throws IOException {
        String known = read("tomcat-conf/ROOT.xml") + read("tomcat-conf/server.xml") + read("tomcat-conf/setenv.sh");
        for (String option : all(environment.text("CATALINA_OPTS"), "-D([a-z.]+)=")) {
            assertTrue(known.contains("${" + option + ":-"), option);
        }
        for (String variable : environment.keys()) {
            assertTrue(!variable.startsWith("FUOTA_") || known.contains("${" + variable + ":-"), variable);
        }
    }

    private static String port() throws IOException {
        String port = first(read("Dockerfile"), "\nEXPOSE (\\d+)\n");
        assertTrue(read("Dockerfile").contains(" FUOTA_HTTPS_PORT=" + port + "\n"));
        return port;
    }

    private static String user() throws IOException {
        return first(read("Dockerfile"), "\nUSER (\\d+):\\1\n");
    }

    private static String data() throws IOException {
        String data = first(read("Dockerfile"), "\nENV FUOTA_DATA=(\\S+) ");
        assertTrue(
                read("tomcat-conf/docker-entrypoint.sh").contains("-Dfuota.users=$FUOTA_DATA/conf/tomcat-users.xml"));
        return data;
    }

    private static String authority() throws IOException {
        return first(read("deploy/ROOT.xml"), "sslrootcert=([^\"&]+)");
    }

    private static Node kubernetes(String kind) throws IOException {
        return yaml("kubernetes.yaml").stream()
                .filter(one -> one.text("kind").equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static List<Node> yaml(String file) throws IOException {
        Load load = new Load(LoadSettings.builder().setLabel(file).build());
        return Stream.of(Files.readString(DEPLOY.resolve(file)).split("\n---\n"))
                .map(document -> new Node(Objects.requireNonNull(load.loadFromString(document))))
                .toList();
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file));
    }

    private static String first(String text, String pattern) {
        return all(text, pattern).stream().findFirst().orElseThrow(() -> new AssertionError("not there: " + pattern));
    }

    /** The first group of each match. */
    private static List<String> all(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(DeployTest::group)
                .toList();
    }

    private static String group(MatchResult match) {
        return match.group(1);
    }

    /** A value of a YAML file. */
    private record Node(Object value) {
        Map<?, ?> map() {
            return (Map<?, ?>) value;
        }

        Node at(String... path) {
            Node node = this;
            for (String name : path) {
                Object next = node.map().get(name);
                assertTrue(next != null, () -> name + " of " + String.join(".", path) + " isn't there");
                node = new Node(next);
            }
            return node;
        }

        Set<String> keys() {
            return map().keySet().stream().map(String::valueOf).collect(Collectors.toCollection(TreeSet::new));
        }

        String text(String name) {
            return String.valueOf(at(name).value);
        }

        List<String> list(String name) {
            return ((List<?>) at(name).value).stream().map(String::valueOf).toList();
        }

        Node item(String name, int index) {
            return new Node(Objects.requireNonNull(((List<?>) at(name).value).get(index)));
        }

        /** A list of maps that have a name, as a map of what else each has under a key. */
        Node named(String list, String key) {
            return new Node(((List<?>) at(list).value)
                    .stream()
                            .map(one -> new Node(Objects.requireNonNull(one)))
                            .filter(one -> one.keys().contains(key))
                            .collect(Collectors.toMap(one -> one.text("name"), one -> one.at(key).value)));
        }

        /** Compose's volumes: what is mounted where. */
        Map<String, String> mounts() {
            return keys().contains("volumes")
                    ? list("volumes").stream()
                            .collect(Collectors.toMap(one -> one.split(":")[0], one -> one.split(":")[1]))
                    : Map.of();
        }

        /** Compose's secrets: which is mounted where; empty for where they are by default. */
        Map<String, String> secrets() {
            return keys().contains("secrets")
                    ? ((List<?>) at("secrets").value)
                            .stream()
                                    .map(Node::secret)
                                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))
                    : Map.of();
        }

        private static Map.Entry<String, String> secret(Object secret) {
            Node node = new Node(secret);
            return secret instanceof Map
                    ? Map.entry(node.text("source"), node.text("target"))
                    : Map.entry((String) secret, "");
        }
    }
}
