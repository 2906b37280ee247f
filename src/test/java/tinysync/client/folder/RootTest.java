package tinysync.client.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.tree.VaultId;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;

class RootTest {
    private static final VaultId OTHER = VaultId.parse("00000000-0000-4000-8000-0000000000bb");

    @TempDir Path temp;

    private Path folder() throws Exception {
        return Files.createDirectories(temp.resolve("root"));
    }

    private Root create() throws Exception {
        return Root.create(folder(), World.VAULT, World.ATTACHMENT);
    }

    private RootState refusal(String attachment, VaultId vault) {
        return assertThrows(
                        UnusableRootException.class, () -> Root.open(temp.resolve("root"), vault, attachment).close())
                .state();
    }

    @Test
    void whatCreateMadeCanBeOpened() throws Exception {
        create().close();
        try (Root root = Root.open(folder(), World.VAULT, World.ATTACHMENT)) {
            assertEquals(new RootState.Good(), root.check());
            assertEquals(0, root.generation());
        }
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder().resolve(".tinysync"))));
    }

    private static FileTime changed(Path file) throws Exception {
        return (FileTime) Files.getAttribute(file, "unix:ctime");
    }

    @Test
    void aLookAtTheRootWritesNothing() throws Exception {
        try (Root root = create()) {
            Path own = folder().resolve(".tinysync");
            FileTime marker = changed(own.resolve("root.json"));
            FileTime around = changed(own);
            assertEquals(new RootState.Good(), root.check());
            assertEquals(marker, changed(own.resolve("root.json")));
            assertEquals(around, changed(own));
        }
    }

    @Test
    void ourFoldersAreOursAloneAndWritableAgainAfterAnOddUmaskOrAPerson() throws Exception {
        create().close();
        for (String mode : new String[] {"r-x------", "rwxr-xr-x", "---------"}) {
            for (String name : new String[] {"stage", "displaced"}) {
                Path ours = folder().resolve(".tinysync").resolve(name);
                Files.setPosixFilePermissions(ours, PosixFilePermissions.fromString(mode));
                Root.open(folder(), World.VAULT, World.ATTACHMENT).close();
                assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(ours)));
            }
        }
    }

    @Test
    void theGenerationSurvives() throws Exception {
        try (Root root = create()) {
            root.advanceGeneration();
            root.advanceGeneration();
            assertEquals(2, root.generation());
        }
        try (Root root = create()) {
            assertEquals(2, root.generation());
        }
    }

    @Test
    void anotherAttachmentsFolderIsRefused() throws Exception {
        create().close();
        assertEquals(new RootState.Foreign("other_attachment"), refusal("attachment-2", World.VAULT));
        assertEquals(new RootState.Foreign("other_vault"), refusal(World.ATTACHMENT, OTHER));
        assertThrows(UnusableRootException.class, () -> Root.create(folder(), OTHER, World.ATTACHMENT).close());
    }

    @Test
    void aFolderWithoutMarkerIsNotOpened() throws Exception {
        assertEquals(new RootState.Missing(), refusal(World.ATTACHMENT, World.VAULT));
        folder();
        assertEquals(new RootState.Foreign("marker_missing"), refusal(World.ATTACHMENT, World.VAULT));
    }

    @Test
    void aRootThatVanishesIsMissingAndOneThatComesBackIsGood() throws Exception {
        try (Root root = create()) {
            Files.move(folder(), temp.resolve("away"));
            assertEquals(new RootState.Missing(), root.check());
            folder();
            assertEquals(new RootState.Foreign("marker_missing"), root.check());
            Files.delete(folder());
            Files.move(temp.resolve("away"), temp.resolve("root"));
            assertEquals(new RootState.Good(), root.check());
        }
    }

    @Test
    void aFileInTheRootsPlaceIsForeign() throws Exception {
        try (Root root = create()) {
            Files.move(folder(), temp.resolve("away"));
            Files.writeString(temp.resolve("root"), "x");
            assertEquals(new RootState.Foreign("not_a_folder"), root.check());
        }
    }

    @Test
    void aCopyOfTheRootIsAReplacement() throws Exception {
        try (Root root = create()) {
            Files.move(folder(), temp.resolve("away"));
            create().close();
            assertEquals(new RootState.Replaced(), root.check());
        }
    }

    @Test
    void aDamagedMarkerIsForeign() throws Exception {
        try (Root root = create()) {
            for (String damage : new String[] {"", "{", "[]", "{\"format\":1}", "{\"format\":2}", "\0".repeat(90)}) {
                Files.writeString(folder().resolve(".tinysync/root.json"), damage);
                assertEquals(new RootState.Foreign("marker_unreadable"), root.check(), damage);
            }
        }
    }

    @Test
    void theMarkerNamesVaultAttachmentAndGeneration() throws Exception {
        create().close();
        assertTrue(
                Files.readString(folder().resolve(".tinysync/root.json"))
                        .contains(
                                "\"vault\":\"" + World.VAULT + "\",\"attachment\":\"attachment-1\",\"generation\":0"));
    }
}
