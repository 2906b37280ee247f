package tinysync.build;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Packs our classes and the libraries into one runnable jar: {@code PackJar JAR VERSION CLASSES LIBRARIES}.
 *
 * <p>The same input gives the same bytes: entries are sorted, and all carry one fixed time. Driver registrations are
 * joined, licences are kept under {@code META-INF/licenses/LIBRARY/}, native code for platforms that are not ours stays
 * out. Two inputs that claim one entry fail the build, for a jar in which one silently wins would not be what was
 * tested.
 */
public final class PackJar {
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final String SERVICES = "META-INF/services/";
    private static final Pattern LICENCE = Pattern.compile("(LICEN[CS]E|NOTICE|COPYING)[^/]*");
    private static final Pattern NATIVE = Pattern.compile("org/sqlite/native/.*");
    private static final Pattern OUR_NATIVE =
            Pattern.compile("org/sqlite/native/(Linux|Linux-Musl|Mac|Windows)/(x86_64|aarch64)/[^/]+");

    private final Map<String, byte[]> entries = new TreeMap<>();

    private PackJar() {}

    /**
     * Packs.
     *
     * @param args the jar to write, the product's version, the folder of our classes, the folder of library jars
     * @throws IOException when something cannot be read or written, or two inputs claim one entry
     */
    public static void main(String[] args) throws IOException {
        PackJar jar = new PackJar();
        jar.addFolder(Path.of(args[2]));
        for (Path library : sorted(Files.list(Path.of(args[3])))) {
            jar.addLibrary(library);
        }
        jar.write(Path.of(args[0]), manifest(args[1]));
    }

    private static String manifest(String version) {
        return """
        Manifest-Version: 1.0
        Main-Class: tinysync.Main
        Implementation-Title: TinySync
        Implementation-Version: %s
        Multi-Release: true
        Enable-Native-Access: ALL-UNNAMED

        """
                .formatted(version)
                .replace("\n", "\r\n");
    }

    private void addFolder(Path folder) throws IOException {
        for (Path file : sorted(Files.walk(folder).filter(Files::isRegularFile))) {
            String name = folder.relativize(file).toString().replace('\\', '/');
            add(name, Files.readAllBytes(file));
        }
    }

    private void addLibrary(Path library) throws IOException {
        String name = library.getFileName().toString().replaceFirst("-[0-9.]+\\.jar$", "");
        try (ZipFile zip = new ZipFile(library.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                Optional<String> target = entry.isDirectory() ? Optional.empty() : target(entry.getName(), name);
                if (target.isPresent()) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        add(target.get(), in.readAllBytes());
                    }
                }
            }
        }
    }

    /** Where a library's entry goes in our jar; empty when it stays out. */
    private static Optional<String> target(String entry, String library) {
        String file = entry.substring(entry.lastIndexOf('/') + 1);
        if (LICENCE.matcher(file).matches()) {
            return Optional.of("META-INF/licenses/" + library + "/" + licencePath(entry));
        }
        if (file.equals("module-info.class") || (NATIVE.matcher(entry).matches() && !isOurNative(entry))) {
            return Optional.empty();
        }
        boolean metadata = entry.startsWith("META-INF/") && !entry.startsWith(SERVICES);
        boolean versionedClass = entry.startsWith("META-INF/versions/") && entry.endsWith(".class");
        return metadata && !versionedClass ? Optional.empty() : Optional.of(entry);
    }

    /** What a library holds of others keeps their names: {@code com.ongres.scram/scram-client-3.2/LICENSE}. */
    private static String licencePath(String entry) {
        String nested = "META-INF/licenses/";
        return entry.startsWith(nested)
                ? entry.substring(nested.length()).replace("/META-INF/", "/")
                : entry.substring(entry.lastIndexOf('/') + 1);
    }

    private static boolean isOurNative(String entry) {
        return OUR_NATIVE.matcher(entry).matches();
    }

    private void add(String name, byte[] bytes) throws IOException {
        byte[] before = entries.put(name, bytes);
        if (before == null) {
            return;
        }
        if (!name.startsWith(SERVICES)) {
            throw new IOException("two inputs claim the entry " + name);
        }
        String joined = lines(before) + lines(bytes);
        entries.put(name, joined.getBytes(StandardCharsets.UTF_8));
    }

    /** The text of a registration, ending in a line feed even where its author left that out. */
    private static String lines(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).stripTrailing() + "\n";
    }

    private void write(Path jar, String manifest) throws IOException {
        Path part = Path.of(jar + ".part");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            put(zip, MANIFEST, manifest.getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                put(zip, entry.getKey(), entry.getValue());
            }
        }
        // At once: a program that starts meanwhile finds the old jar or the new one.
        Files.move(part, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    private static List<Path> sorted(Stream<Path> paths) {
        try (paths) {
            return paths.sorted().toList();
        }
    }
}
