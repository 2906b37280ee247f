package tinysync.client.folder;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.DiskOp;
import tinysync.client.engine.DiskResult;
import tinysync.platform.Dir;
import tinysync.platform.FsException;
import tinysync.tree.ConflictNames;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Programs that read and write a file while it is replaced. */
@Timeout(120)
class ReplacementRaceTest {
    private static final String FILLER = "0123456789abcdef".repeat(512);

    @TempDir Path temp;

    private static final Instant NOW = Instant.parse("2026-11-21T07:45:12Z");

    private final AtomicBoolean stop = new AtomicBoolean();
    private World world;
    private Path file;

    private interface Step {
        void run() throws IOException;
    }

    @BeforeEach
    void open() throws Exception {
        world = new World(temp);
        file = temp.resolve("a.txt");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private CompletableFuture<Void> meanwhile(Step step) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(
                        () -> {
                            try {
                                while (!stop.get()) {
                                    step.run();
                                }
                                ended.complete(null);
                            } catch (IOException | RuntimeException | Error failed) {
                                ended.completeExceptionally(failed);
                            }
                        });
        return ended;
    }

    private static void spinUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aReaderAlwaysSeesTheOldOrTheNewFileWhole() throws Exception {
        AtomicLong reads = new AtomicLong();
        Files.writeString(file, "v0 " + FILLER + " v0");
        AtomicReference<String> last = new AtomicReference<>("");
        CompletableFuture<Void> reader =
                meanwhile(
                        () -> {
                            String seen = Files.readString(file);
                            String version = seen.substring(0, seen.indexOf(' '));
                            assertEquals(version + " " + FILLER + " " + version, seen);
                            last.set(version);
                            reads.incrementAndGet();
                        });
        for (int i = 1; i <= 200; i++) {
            String text = "v" + i + " " + FILLER + " v" + i;
            assertInstanceOf(
                    DiskResult.Done.class, world.apply(world.place("a.txt", text, Optional.of(world.look("a.txt")))));
        }
        long after = reads.get() + 2;
        spinUntil(() -> reads.get() >= after || reader.isDone());
        stop.set(true);
        reader.get();
        assertEquals("v200", last.get());
    }

    /** Applies the operation, while a person does something between the last look and the exchange. */
    private DiskResult forestalled(DiskOp.PlaceFile op, Step person) throws IOException {
        Prepared.Incoming incoming =
                (Prepared.Incoming) new Preparation(world.root, world.displaced, NOW).prepare(List.of(op)).getFirst();
        try (Folders folders = new Folders(world.root)) {
            Placement placement =
                    new Placement(world.root, world.displaced, folders, NOW) {
                        @Override
                        void exchange(String ticket, Dir folder, String name) throws FsException {
                            assertDoesNotThrow(person::run);
                            super.exchange(ticket, folder, name);
                        }
                    };
            String staged = Staging.wholeName(op.item(), op.content());
            return placement.place(op.item(), op.slot(), incoming, op.expected(), op.keepAs(), staged);
        }
    }

    private DiskOp.PlaceFile replace(Optional<String> keepAs) throws IOException {
        return world.place("a.txt", "server", Optional.of(world.look("a.txt")), keepAs);
    }

    @Test
    void whatAPersonSavedInTheLastMomentIsKeptBeside() throws Exception {
        Files.writeString(file, "old");
        DiskResult result =
                forestalled(
                        replace(Optional.empty()),
                        () -> {
                            Files.writeString(temp.resolve("save.tmp"), "person");
                            Files.move(temp.resolve("save.tmp"), file, StandardCopyOption.REPLACE_EXISTING);
                        });
        String copy = assertInstanceOf(DiskResult.Done.class, result).kept().orElseThrow().name();
        assertTrue(ConflictNames.isCopyName(copy), copy);
        assertEquals(copy + "=person a.txt=server", world.tree());
        assertEquals(0, world.sidecars());
    }

    @Test
    void aFolderThatAPersonPutThereIsKeptBesideWithAllItHolds() throws Exception {
        Files.writeString(file, "old");
        DiskResult result =
                forestalled(
                        replace(Optional.of("wanted")),
                        () -> {
                            Files.delete(file);
                            Files.createDirectory(file);
                            Files.writeString(file.resolve("inside"), "person");
                        });
        String copy = assertInstanceOf(DiskResult.Done.class, result).kept().orElseThrow().name();
        assertEquals("person", world.read(copy + "/inside"));
        assertEquals("server", world.read("a.txt"));
    }

    @Test
    void whatAPersonRemovedInTheLastMomentStaysRemoved() throws Exception {
        Files.writeString(file, "old");
        DiskOp.PlaceFile op = replace(Optional.empty());
        assertThrows(FsException.class, () -> forestalled(op, () -> Files.delete(file)));
        assertEquals("", world.tree());
        assertTrue(world.staging.isComplete(op.item(), op.content()));
        assertEquals(0, world.sidecars());
    }

    /** A program appends once in every round, earlier or later, while the file is replaced. */
    @Test
    void nothingThatIsAppendedDuringReplacementsIsLost() throws Exception {
        int rounds = 200;
        AtomicLong begun = new AtomicLong();
        AtomicLong appended = new AtomicLong();
        Files.writeString(file, "");
        CompletableFuture<Void> writer =
                meanwhile(
                        () -> {
                            long round = appended.get();
                            if (begun.get() > round) {
                                for (long spin = round * 7_919 % 400_000; spin > 0; spin--) {
                                    Thread.onSpinWait();
                                }
                                Files.writeString(
                                        file, "<" + round + ">", StandardOpenOption.WRITE, StandardOpenOption.APPEND);
                                appended.incrementAndGet();
                            }
                        });
        for (int round = 0; round < rounds; round++) {
            begun.incrementAndGet();
            world.apply(world.place("a.txt", "s" + round, Optional.of(world.look("a.txt"))));
            long expected = round + 1;
            spinUntil(() -> appended.get() == expected || writer.isDone());
        }
        stop.set(true);
        writer.get();
        world.displaced.sweep(world.clock.now(), World.AGE);
        TreeSet<Long> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(temp)) {
            for (Path one : files.filter(Files::isRegularFile).toList()) {
                Pattern.compile("<(\\d+)>")
                        .matcher(World.contentOf(one))
                        .results()
                        .forEach(token -> found.add(Long.parseLong(token.group(1))));
            }
        }
        assertEquals(rounds, found.size());
    }
}
