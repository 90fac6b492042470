package org.fuota.setup;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The application, whose classes and libraries lie in the WAR where {@code java -jar} doesn't look; the libraries are unpacked until this is closed. */
final class Application implements Closeable {
    private static final String CLASSES = "WEB-INF/classes/";
    private static final String LIBRARIES = "WEB-INF/lib/";
    private static final String MOVE = "org.fuota.move.Move";
    private static final String SIMULATION = "org.fuota.simulate.Simulation";

    private final Path folder = Files.createTempDirectory("fuota");

    private Application() throws IOException {}

    /** As {@code org.fuota.move.Move.run} does. */
    static void move(Path data, MoveTarget target, PrintStream out) throws IOException, SetupException {
        run(
                "--move-to",
                MOVE,
                new Class<?>[] {Path.class, String.class, Properties.class, PrintStream.class},
                data,
                target.url(),
                target.properties(),
                out);
    }

    /** As {@code org.fuota.simulate.Simulation.run} does. */
    static void simulate(String[] arguments, String password, PrintStream out) throws IOException, SetupException {
        run(
                "--simulate",
                SIMULATION,
                new Class<?>[] {String[].class, String.class, PrintStream.class},
                arguments,
                password,
                out);
    }

    private static void run(String option, String name, Class<?>[] types, Object... values)
            throws IOException, SetupException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        URL war = Application.class.getProtectionDomain().getCodeSource().getLocation();
        try (Application application = new Application();
                URLClassLoader loader =
                        new URLClassLoader(application.unpack(war), ClassLoader.getPlatformClassLoader())) {
            // Where the JDK looks for drivers.
            thread.setContextClassLoader(loader);
            loader.loadClass(name).getMethod("run", types).invoke(null, values);
        } catch (InvocationTargetException e) {
            if (e.getTargetException() instanceof IOException trouble) {
                throw trouble;
            }
            throw new SetupException(String.valueOf(e.getTargetException().getMessage()), e);
        } catch (ReflectiveOperationException e) {
            throw new SetupException(option + " is for a whole WAR, and " + war + " isn't one: it has no " + name, e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private URL[] unpack(URL war) throws IOException {
        List<URL> urls = new ArrayList<>();
        urls.add(new URL("jar:" + war + "!/" + CLASSES));
        try (JarFile jar = new JarFile(Path.of(URI.create(war.toString())).toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().startsWith(LIBRARIES) && !entry.isDirectory()) {
                    Path file = folder.resolve(entry.getName().substring(LIBRARIES.length()));
                    Files.copy(jar.getInputStream(entry), file);
                    urls.add(file.toUri().toURL());
                }
            }
        }
        return urls.toArray(URL[]::new);
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> libraries = Files.list(folder)) {
            for (Path library : libraries.toList()) {
                Files.delete(library);
            }
        }
        Files.delete(folder);
    }
}
