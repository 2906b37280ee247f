package tinysync.client.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.content.ContentRef;
import tinysync.tree.ItemId;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

class StagingTest {
    private static final ContentRef CONTENT = World.ref("hello");

    @TempDir Path temp;

    private World world;
    private ItemId item;

    @BeforeEach
    void open() throws Exception {
        world = new World(temp);
        item = world.item();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void write(StagedFile file, long at, String text) throws IOException {
        file.writeAt(at, ByteBuffer.wrap(text.getBytes()));
    }

    private String staged() throws IOException {
        try (StagedFile file = world.staging.stage(item, CONTENT)) {
            ByteBuffer bytes = ByteBuffer.allocate(100);
            return new String(bytes.array(), 0, file.readAt(0, bytes));
        }
    }

    @Test
    void piecesComeInAnyOrderAndOverSeveralRuns() throws Exception {
        try (StagedFile file = world.staging.stage(item, CONTENT)) {
            write(file, 2, "llo");
        }
        assertEquals("\0\0llo", staged());
        try (StagedFile file = world.staging.stage(item, CONTENT)) {
            assertEquals(5, file.size());
            write(file, 0, "he");
            assertFalse(world.staging.isComplete(item, CONTENT));
            file.finish();
        }
        assertTrue(world.staging.isComplete(item, CONTENT));
        assertEquals("hello", staged());
    }

    @Test
    void anUnfinishedFileIsNotComplete() throws Exception {
        try (StagedFile file = world.staging.stage(item, CONTENT)) {
            write(file, 0, "hel");
            assertThrows(IOException.class, file::finish);
            assertThrows(IllegalArgumentException.class, () -> write(file, 3, "lo!"));
        }
        assertFalse(world.staging.isComplete(item, CONTENT));
    }

    @Test
    void whatAnEarlierRunCompletedIsVerifiedAnew() throws Exception {
        world.staging.stageSmall(item, CONTENT, "hello".getBytes());
        assertTrue(world.staging.isComplete(item, CONTENT));
        world.staging.recover(world.clock.now(), Duration.ofDays(7));
        assertFalse(world.staging.isComplete(item, CONTENT));
        assertEquals("hello", staged());
    }

    @Test
    void whatAnEarlierRunMadeReadOnlyCanBeWrittenAgain() throws Exception {
        world.staging.stageSmall(item, CONTENT, "hello".getBytes());
        Path whole = temp.resolve(".tinysync/stage").resolve(Staging.wholeName(item, CONTENT));
        Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString("r--r--r--"));
        world.staging.recover(world.clock.now(), Duration.ofDays(7));
        try (StagedFile file = world.staging.stage(item, CONTENT)) {
            write(file, 0, "HELLO");
            file.finish();
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(whole)));
        assertEquals("HELLO", Files.readString(whole));
    }

    @Test
    void downloadsOfLongAgoAreRemoved() throws Exception {
        world.staging.stageSmall(item, CONTENT, "hello".getBytes());
        world.staging.recover(world.clock.now().plus(Duration.ofDays(8)), Duration.ofDays(7));
        assertEquals("", staged());
    }

    @Test
    void whatIsDroppedIsGone() throws Exception {
        assertEquals("", staged());
        world.staging.drop(item, CONTENT);
        world.staging.stageSmall(item, CONTENT, "hello".getBytes());
        world.staging.drop(item, CONTENT);
        world.staging.drop(item, CONTENT);
        try (var files = Files.list(temp.resolve(".tinysync/stage"))) {
            assertEquals(0, files.count());
        }
    }
}
