package tinysync.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.folder.Root;
import tinysync.client.state.Attachment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Another place for a folder that nobody keeps in sync right now. */
class RelocationTest {
    @TempDir Path temp;

    private Joined joined;
    private Attachment attachment;
    private Path folder;

    @BeforeEach
    void attach() throws IOException {
        temp = temp.toRealPath();
        folder = Files.createDirectory(temp.resolve("folder"));
        Files.writeString(folder.resolve("mine.txt"), "mine");
        attachment = Joined.main(folder);
        joined = Joined.at(temp.resolve("home"), attachment);
        Root.create(folder, attachment.vault(), attachment.id().toString()).close();
    }

    private Attachment move(Path to) throws IOException, Membership.NotPossibleException {
        return new Relocation(joined.home()).move(joined.account(), attachment, to);
    }

    private String refused(Path to) {
        String why = assertThrows(Membership.NotPossibleException.class, () -> move(to)).getMessage();
        assertEquals(folder, joined.identity().attachments().getFirst().path());
        assertTrue(Files.exists(folder.resolve("mine.txt")), why);
        return why;
    }

    private void isAt(Path to) throws IOException {
        assertEquals(attachment.withPath(to), joined.identity().attachments().getFirst());
        assertEquals("mine", Files.readString(to.resolve("mine.txt")));
        Root.open(to, attachment.vault(), attachment.id().toString()).close();
    }

    @Test
    void theFolderIsRenamedToAPlaceThatIsMadeForIt() throws Exception {
        Object before = Files.getAttribute(folder, "unix:ino");
        Path to = temp.resolve("other/place");
        assertEquals(to, move(to).path());
        isAt(to);
        assertEquals(before, Files.getAttribute(to, "unix:ino"));
        assertFalse(Files.exists(folder));
    }

    @Test
    void aFolderThatWasMovedAlreadyIsKnownByItsMarker() throws Exception {
        Path to = temp.resolve("moved");
        Files.move(folder, to);
        move(to);
        isAt(to);
        move(to);
        isAt(to);
    }

    /** As after a kill between the two: the folder is at its new place, and nobody noted it. */
    @Test
    void whatWasCutOffIsFinishedByTheSameAgain() throws Exception {
        Path to = temp.resolve("moved");
        move(to);
        joined.account().update(now -> now.with(attachment));
        move(to);
        isAt(to);
    }

    @Test
    void aPlaceThatIsTakenIsRefused() throws Exception {
        Path taken = Files.createDirectory(temp.resolve("taken"));
        assertTrue(refused(taken).contains("exists and is not the folder of 'main'"));
        Path foreign = Files.createDirectory(temp.resolve("foreign"));
        Root.create(foreign, attachment.vault(), "another").close();
        assertTrue(refused(foreign).contains("exists and is not the folder of 'main'"));
        assertTrue(refused(foreign.resolve("inner")).contains("lies inside " + foreign));
        assertTrue(refused(folder.resolve("inner")).contains("lies inside " + folder));
        assertTrue(refused(temp.resolve("home/x")).contains("cannot be inside one another"));
    }

    @Test
    void aCopyIsNotTakenForTheFolder() throws Exception {
        Path copy = Files.createDirectory(temp.resolve("copy"));
        Root.create(copy, attachment.vault(), attachment.id().toString()).close();
        assertTrue(refused(copy).contains("one is a copy"));
    }

    @Test
    void aFolderThatIsNowhereIsAskedFor() throws Exception {
        Path hidden = temp.resolve("hidden");
        Files.move(folder, hidden);
        String why = assertThrows(Membership.NotPossibleException.class, () -> move(temp.resolve("new"))).getMessage();
        assertTrue(why.contains("is not at " + folder + ": say where it is now"), why);
        assertFalse(Files.exists(temp.resolve("new")));
    }
}
