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
import tinysync.platform.SystemRandom;
import tinysync.wire.Me;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a device that has joined may attach where. */
class MembershipTest {
    @TempDir Path temp;

    private Joined joined;
    private Membership membership;

    @BeforeEach
    void join() throws IOException {
        temp = temp.toRealPath();
        joined = Joined.at(temp.resolve("home"));
        membership = new Membership(joined.home(), new SystemRandom());
    }

    private Attachment attach(Me me, Path folder) throws IOException, Membership.NotPossibleException {
        return membership.attach(joined.account(), me, Optional.empty(), folder, Optional.empty());
    }

    private String refused(Me me, Optional<String> vault, Path folder, Optional<String> as) {
        return assertThrows(
                        Membership.NotPossibleException.class,
                        () -> membership.attach(joined.account(), me, vault, folder, as))
                .getMessage();
    }

    private String refused(Path folder) {
        return refused(Joined.me(Joined.PHOTOS), Optional.empty(), folder, Optional.empty());
    }

    @Test
    void aVaultIsShownInAFolderThatIsMadeForIt() throws Exception {
        Attachment attached = attach(Joined.me(Joined.MAIN), temp.resolve("a/b"));
        assertEquals(temp.resolve("a/b"), attached.path());
        assertEquals("main", attached.name());
        assertEquals(Optional.of(attached), joined.identity().attachment("main"));
        Root.open(attached.path(), attached.vault(), attached.id().toString()).close();
        membership.detach(joined.account(), attached);
        assertEquals(Optional.empty(), joined.identity().attachment("main"));
        attach(Joined.me(Joined.MAIN), temp.resolve("a/b"));
    }

    @Test
    void theVaultIsTheOnlyOneOrTheOneThatIsNamedOrMain() throws Exception {
        Me both = Joined.me(Joined.PHOTOS, Joined.MAIN);
        assertEquals("main", attach(both, temp.resolve("1")).name());
        Optional<String> byId = Optional.of(Joined.PHOTOS.id().toString());
        assertEquals(
                "pics", membership.attach(joined.account(), both, byId, temp.resolve("2"), Optional.of("pics")).name());
        Optional<String> none = Optional.empty();
        assertTrue(refused(both, Optional.of("films"), temp.resolve("3"), none).contains("photos, main"));
        assertTrue(refused(Joined.me(), none, temp.resolve("3"), none).contains("may reach no vault"));
        assertFalse(Files.exists(temp.resolve("3")));
    }

    @Test
    void aVaultIsShownInAsManyFoldersAsOneLikesEachUnderANameOfItsOwn() throws Exception {
        Me both = Joined.me(Joined.PHOTOS, Joined.MAIN);
        attach(both, temp.resolve("1"));
        assertEquals("main-2", attach(both, temp.resolve("again")).name());
        assertEquals("main-3", attach(both, temp.resolve("and again")).name());
        String name = refused(both, Optional.of("photos"), temp.resolve("2"), Optional.of("main"));
        assertTrue(name.contains("choose another name with --as"), name);
        String blank = refused(both, Optional.of("photos"), temp.resolve("2"), Optional.of(" "));
        assertTrue(blank.contains("choose a name with --as"), blank);
    }

    @Test
    void aFolderInsideOneThatAnotherHomeSyncsIsRefusedByBothNamesAndNotMade() throws Exception {
        Path synced = Files.createDirectory(temp.resolve("synced"));
        Root.create(synced, Joined.MAIN.id(), "of another home").close();
        Path nested = synced.resolve("sub/deep");
        assertEquals(
                nested + " lies inside " + synced + ", which is kept in sync already: choose another folder",
                refused(nested));
        assertFalse(Files.exists(synced.resolve("sub")), "it would have been synced");
        Files.createDirectories(nested);
        assertTrue(refused(nested).startsWith(nested + " lies inside " + synced));
        Path detour = Files.createSymbolicLink(temp.resolve("detour"), synced.resolve("sub"));
        assertTrue(refused(detour.resolve("deep")).startsWith(nested + " lies inside " + synced));
    }

    @Test
    void aHomeInAFolderThatIsSyncedIsRefusedBeforeASecretIsWrittenThere() throws Exception {
        Root.create(temp, Joined.MAIN.id(), "of another home").close();
        Membership.NotPossibleException refused =
                assertThrows(
                        Membership.NotPossibleException.class,
                        () ->
                                membership.register(
                                        new Membership.Registering(
                                                joined.identity().server(),
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty(),
                                                "x")));
        assertTrue(
                refused.getMessage().startsWith(joined.home().path() + " lies inside " + temp + ","),
                refused.getMessage());
    }

    @Test
    void foldersOfThisHomeAreNeverInsideOneAnother() throws Exception {
        attach(Joined.me(Joined.MAIN), temp.resolve("1"));
        assertEquals(temp.resolve("1") + " is kept in sync already: choose another folder", refused(temp.resolve("1")));
        for (Path folder : new Path[] {temp.resolve("1/sub"), temp, temp.resolve("home"), temp.resolve("home/x")}) {
            String refused = refused(folder);
            assertTrue(refused.startsWith("folders cannot be inside one another: " + folder + " and "), refused);
        }
        assertFalse(Files.exists(temp.resolve("1/sub")));
        assertTrue(refused(Files.createFile(temp.resolve("file"))).contains("is not a folder"));
    }
}
