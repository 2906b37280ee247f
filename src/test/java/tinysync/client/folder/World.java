package tinysync.client.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.fail;

import tinysync.client.engine.DiskEntry;
import tinysync.client.engine.DiskOp;
import tinysync.client.engine.DiskResult;
import tinysync.client.engine.Slot;
import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.platform.Capabilities;
import tinysync.platform.SystemClock;
import tinysync.tree.Fingerprint;
import tinysync.tree.ItemId;
import tinysync.tree.VaultId;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** A root in a temporary folder, with all that acts on it. */
final class World implements AutoCloseable {
    static final VaultId VAULT = VaultId.parse("00000000-0000-4000-8000-0000000000aa");
    static final String ATTACHMENT = "attachment-1";
    static final Instant MTIME = Instant.parse("2020-01-02T03:04:05.123456789Z");
    static final Duration AGE = Duration.ofMinutes(10);

    final Path path;
    final Root root;
    final Staging staging;
    final Displaced displaced;
    final Applier applier;
    final FolderLister lister;
    final SystemClock clock = new SystemClock();
    private long items;

    World(Path path) throws IOException {
        this(path, Optional.empty());
    }

    /**
     * @param known what the disk shall be taken to be able to do
     */
    World(Path path, Optional<Capabilities> known) throws IOException {
        this.path = path;
        Root.create(path, VAULT, ATTACHMENT).close();
        root = Root.open(path, VAULT, ATTACHMENT, known);
        staging = new Staging(root);
        displaced = new Displaced(root, "laptop");
        applier = new Applier(root, displaced, clock::now);
        lister = new FolderLister(root);
    }

    static Slot slot(String path) {
        int slash = path.lastIndexOf('/');
        return new Slot(path.substring(0, Math.max(0, slash)), path.substring(slash + 1));
    }

    static ContentRef ref(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new ContentRef(Hash.of(bytes), bytes.length);
    }

    ItemId item() {
        return new ItemId(new UUID(0x4000, 0x8000_0000_0000_0000L + items++));
    }

    void write(String file, String text) throws IOException {
        Files.createDirectories(path.resolve(file).getParent());
        Files.writeString(path.resolve(file), text);
    }

    String read(String file) throws IOException {
        return Files.readString(path.resolve(file));
    }

    boolean exists(String file) {
        return Files.exists(path.resolve(file), LinkOption.NOFOLLOW_LINKS);
    }

    Fingerprint look(String file) throws IOException {
        return find(file).orElseThrow().fingerprint();
    }

    Optional<DiskEntry.Seen> find(String file) throws IOException {
        Slot slot = slot(file);
        try (var folder = root.folder().resolve(slot.folder())) {
            return Images.look(folder, slot.name());
        }
    }

    /** The operation that puts a text there, staged already. */
    DiskOp.PlaceFile place(String file, String text, Optional<Fingerprint> expected) throws IOException {
        return place(file, text, expected, Optional.empty());
    }

    DiskOp.PlaceFile place(String file, String text, Optional<Fingerprint> expected, Optional<String> keepAs)
            throws IOException {
        ItemId item = item();
        staging.stageSmall(item, ref(text), text.getBytes(StandardCharsets.UTF_8));
        return new DiskOp.PlaceFile(item, slot(file), ref(text), 0644, MTIME, expected, Optional.empty(), keepAs);
    }

    DiskResult apply(DiskOp op) {
        List<DiskResult> results = applier.apply(List.of(op));
        assertEquals(1, results.size());
        assertEquals(op.item(), results.getFirst().item());
        return results.getFirst();
    }

    DiskResult.Done done(DiskOp op) {
        return assertInstanceOf(DiskResult.Done.class, apply(op));
    }

    void stale(DiskOp op) {
        assertInstanceOf(DiskResult.Stale.class, apply(op));
    }

    /** All files of the root but our own, as {@code path=content} in order. */
    String tree() throws IOException {
        TreeMap<String, String> tree = new TreeMap<>();
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.filter(one -> !one.startsWith(path.resolve(".tinysync"))).toList()) {
                String name = path.relativize(file).toString();
                if (Files.isSymbolicLink(file)) {
                    tree.put(name, "->" + Files.readSymbolicLink(file));
                } else if (Files.isRegularFile(file)) {
                    tree.put(name, "=" + Files.readString(file));
                } else if (!name.isEmpty()) {
                    tree.put(name, "/");
                }
            }
        }
        StringBuilder text = new StringBuilder();
        tree.forEach((name, content) -> text.append(text.isEmpty() ? "" : " ").append(name).append(content));
        return text.toString();
    }

    /** What the displaced files hold, without their sidecars. */
    List<String> displacedContents() throws IOException {
        try (Stream<Path> files = Files.list(path.resolve(".tinysync/displaced"))) {
            return files.filter(file -> !file.toString().endsWith(".json")).map(World::contentOf).sorted().toList();
        }
    }

    long sidecars() throws IOException {
        try (Stream<Path> files = Files.list(path.resolve(".tinysync/displaced"))) {
            return files.filter(file -> file.toString().endsWith(".json")).count();
        }
    }

    static String contentOf(Path file) {
        try {
            return Files.isSymbolicLink(file)
                    ? "->" + Files.readSymbolicLink(file)
                    : Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            return fail(unreadable);
        }
    }

    List<Slot> sweepLater() throws IOException {
        return displaced.sweep(clock.now().plus(AGE), AGE);
    }

    @Override
    public void close() {
        root.close();
    }
}
