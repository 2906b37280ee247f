package tinysync.client.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.HashOutcome;
import tinysync.content.Chunking;

import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

class FileHasherTest {
    @TempDir Path temp;

    private World world;

    @BeforeEach
    void open() throws Exception {
        world = new World(temp);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private HashOutcome hash(String file, boolean patient, Instant now) {
        return new FileHasher(world.root, () -> now).hash(World.slot(file), patient, Chunking.DEFAULT);
    }

    private HashOutcome hash(String file) {
        return hash(file, false, world.clock.now().plusSeconds(60));
    }

    @Test
    void contentAndFingerprintAreThoseOfTheFile() throws Exception {
        world.write("docs/a.txt", "abc");
        var hashed = assertInstanceOf(HashOutcome.Hashed.class, hash("docs/a.txt"));
        assertEquals(World.ref("abc"), hashed.content());
        assertEquals(world.look("docs/a.txt"), hashed.fingerprint());
        assertTrue(hashed.manifest().isEmpty());
        assertTrue(hashed.trusted());
    }

    @Test
    void aLargeFileHasAManifest() throws Exception {
        Files.write(temp.resolve("large"), new byte[9_000_000]);
        var hashed = assertInstanceOf(HashOutcome.Hashed.class, hash("large"));
        assertEquals(9_000_000, hashed.content().size());
        assertEquals(hashed.content(), hashed.manifest().orElseThrow().ref());
    }

    @Test
    void aFileThatHasJustChangedIsNotTrusted() throws Exception {
        world.write("a", "abc");
        Instant changed = world.look("a").ctime();
        Files.setLastModifiedTime(temp.resolve("a"), FileTime.from(changed.minus(Duration.ofDays(1))));
        changed = world.look("a").ctime();
        assertFalse(((HashOutcome.Hashed) hash("a", false, changed.plusMillis(1_999))).trusted());
        assertTrue(((HashOutcome.Hashed) hash("a", false, changed.plusMillis(2_000))).trusted());
        assertFalse(((HashOutcome.Hashed) hash("a", false, changed.minusSeconds(3_600))).trusted());
    }

    @Test
    void aFileFromTheFutureIsNotTrusted() throws Exception {
        world.write("a", "abc");
        Files.setLastModifiedTime(temp.resolve("a"), FileTime.from(Instant.parse("2100-01-01T00:00:00Z")));
        assertFalse(((HashOutcome.Hashed) hash("a")).trusted());
    }

    @Test
    void aFileThatAProgramWritesIsBusyUnlessOneIsPatient() throws Exception {
        world.write("a", "abc");
        try (OutputStream writer = new FileOutputStream(temp.resolve("a").toFile(), true)) {
            assertEquals(new HashOutcome.Busy(), hash("a"));
            assertInstanceOf(HashOutcome.Hashed.class, hash("a", true, world.clock.now()));
            writer.flush();
        }
        assertInstanceOf(HashOutcome.Hashed.class, hash("a"));
    }

    @Test
    void aFileThatChangesWhileItIsReadIsBusy() throws Exception {
        Files.write(temp.resolve("large"), new byte[9_000_000]);
        FileHasher hasher = new FileHasher(world.root, world.clock::now);
        HashOutcome outcome =
                hasher.hash(
                        World.slot("large"),
                        true,
                        Chunking.DEFAULT,
                        (_, _, _) -> Files.setLastModifiedTime(temp.resolve("large"), FileTime.from(Instant.EPOCH)));
        assertEquals(new HashOutcome.Busy(), outcome);
    }

    @Test
    void whatIsNoFileIsGone() throws Exception {
        Files.createDirectory(temp.resolve("folder"));
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("secret"), "x");
        Files.createSymbolicLink(temp.resolve("link"), elsewhere.resolve("secret"));
        Files.createSymbolicLink(temp.resolve("folder-link"), elsewhere);
        for (String gone : new String[] {"nothing", "no/thing", "folder", "link", "folder-link/secret"}) {
            assertEquals(new HashOutcome.Gone(), hash(gone), gone);
        }
    }
}
