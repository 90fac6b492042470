package org.fuota.setup;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The product on this machine in one command: sets it up as {@link Setup} does, starts it in an unpacked Tomcat, and says how to go
 * on. Tomcat's {@code bootstrap.jar} and {@code tomcat-juli.jar} must be on the class path, and {@code catalina.home} and {@code
 * catalina.base} be set. Ends by Ctrl-C, and with the process that started it.
 */
public final class Run {
    private static final String BOOTSTRAP = "org.apache.catalina.startup.Bootstrap";

    private Run() {}

    /** Exits with 1 and a sentence on standard error when it can't start. */
    public static void main(String[] arguments) {
        try {
            Options options = Options.parse(arguments, System.getenv());
            // Before set-up, which shows new passwords only once.
            requireFree(options.port());
            Optional<String> password = Setup.run(options, System.out, System.err);
            endWithParent();
            startTomcat(options);
            requireTaken(options.port());
            welcome(options, password, System.out);
        } catch (SetupException | IOException e) {
            System.err.println(
                    "Fuota doesn't start: " + (e instanceof IOException ? "file trouble: " + e : e.getMessage()));
            System.exit(1);
        }
    }

    private static void requireFree(int port) throws SetupException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
        } catch (IOException e) {
            throw new SetupException("port " + port + " can't be listened on (" + e.getMessage()
                    + "): end the program that has it, or choose another port with -Dfuota.https.port=N");
        }
    }

    private static void requireTaken(int port) throws SetupException {
        try {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
        } catch (IOException e) {
            throw new SetupException("Tomcat has started, but doesn't listen on port " + port + "; its log, in "
                    + Path.of(System.getProperty("catalina.base"), "logs") + ", tells why");
        }
    }

    /** A Tomcat that outlived Maven would be found by nobody, and keep the port. */
    private static void endWithParent() {
        ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(0)));
    }

    private static void startTomcat(Options options) throws SetupException {
        Path data = options.data();
        Map.of(
                        "fuota.data", data.toString(),
                        "fuota.users", options.users().toString(),
                        "fuota.https.port", String.valueOf(options.port()),
                        "fuota.tls.certificate", data.resolve("tls/cert.pem").toString(),
                        "fuota.tls.key", data.resolve("tls/key.pem").toString(),
                        "org.apache.catalina.startup.EXIT_ON_INIT_FAILURE", "true")
                .forEach(System::setProperty);
        try {
            Class<?> type = Class.forName(BOOTSTRAP);
            Object bootstrap = type.getConstructor().newInstance();
            type.getMethod("init").invoke(bootstrap);
            // Holds this JVM: a thread of it waits for the end.
            type.getMethod("start").invoke(bootstrap);
        } catch (InvocationTargetException e) {
            throw new SetupException("Tomcat can't start: " + rootOf(e).getMessage());
        } catch (ReflectiveOperationException e) {
            throw new SetupException("there is no Tomcat on the class path: " + e);
        }
    }

    private static Throwable rootOf(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static void welcome(Options options, Optional<String> password, PrintStream out) {
        out.println();
        out.println("Fuota runs, on port " + options.port() + ".");
        out.println("  console   https://localhost:" + options.port() + "/");
        out.println("  user      " + options.adminUser());
        out.println("  password  "
                + password.map(value -> value + " (new; keep it, only its digest is stored)")
                        .orElse("the one that the first start has shown; README says what to do when it is lost"));
        out.println(
                "  browser   warns, because this machine made the certificate, and no authority: go on all the same");
        out.println("  log       " + Path.of(System.getProperty("catalina.base"), "logs"));
        out.println("  stop      Ctrl-C; the next start goes on where this one ends");
    }
}
