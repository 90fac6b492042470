package org.fuota.setup;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The application's classes and libraries, which lie in the WAR where {@code java -jar} doesn't find them: unpacked until this is closed. */
final class Application implements Closeable {
    private static final String CLASSES = "WEB-INF/classes/";
    private static final String LIBRARIES = "WEB-INF/lib/";
    private static final String MOVE = "org.fuota.move.Move";

    private final Path folder = Files.createTempDirectory("fuota-move");

    private Application() throws IOException {}

    /** As {@code org.fuota.move.Move.run} does. */
    static void move(Path data, MoveTarget target, PrintStream out) throws IOException, SetupException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (Application application = new Application();
                URLClassLoader loader =
                        new URLClassLoader(application.unpack(), ClassLoader.getPlatformClassLoader())) {
            // Where the JDK looks for drivers.
            thread.setContextClassLoader(loader);
            loader.loadClass(MOVE)
                    .getMethod("run", Path.class, String.class, Properties.class, PrintStream.class)
                    .invoke(null, data, target.url(), target.properties(), out);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IOException trouble) {
                throw trouble;
            }
            throw new SetupException(String.valueOf(e.getCause().getMessage()), e);
        } catch (ReflectiveOperationException e) {
            throw new SetupException("--move-to is for java -jar fuota.war only: there is no " + e.getMessage(), e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private URL[] unpack() throws IOException, SetupException {
        List<URL> urls = new ArrayList<>();
        Path classes = Files.createDirectories(folder.resolve(CLASSES));
        urls.add(classes.toUri().toURL());
        try (JarFile jar = new JarFile(war().toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                String name = entry.getName();
                if (!entry.isDirectory() && (name.startsWith(CLASSES) || name.startsWith(LIBRARIES))) {
                    Path file = folder.resolve(name);
                    Files.createDirectories(file.resolveSibling("."));
                    Files.copy(jar.getInputStream(entry), file);
                    if (name.startsWith(LIBRARIES)) {
                        urls.add(file.toUri().toURL());
                    }
                }
            }
        }
        return urls.toArray(URL[]::new);
    }

    private static Path war() throws SetupException {
        URI source;
        try {
            source = Application.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
        } catch (URISyntaxException e) {
            throw new SetupException("the WAR can't be found: " + e.getMessage(), e);
        }
        Path war = Path.of(source);
        if (!Files.isRegularFile(war)) {
            throw new SetupException("--move-to is for java -jar fuota.war only: " + war + " is no WAR");
        }
        return war;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
