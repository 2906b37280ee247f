package tinysync.client.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.content.Hash;
import tinysync.platform.PrivateFiles;
import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;
import tinysync.tree.VaultId;
import tinysync.wire.DeviceToken;
import tinysync.wire.Role;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

class HomeTest {
    private static final UUID ATTACHMENT = new UUID(5, 5);

    @TempDir private Path temp;

    @Test
    void itIsWhereThePlatformKeepsSuchThings() {
        Path user = Path.of("/home/eve");
        assertEquals(Path.of("/home/eve/.local/share/tinysync"), Home.defaultPath(Map.of(), "Linux", user));
        assertEquals(Path.of("/data/tinysync"), Home.defaultPath(Map.of("XDG_DATA_HOME", "/data"), "Linux", user));
        assertEquals(
                Path.of("/home/eve/.local/share/tinysync"),
                Home.defaultPath(Map.of("XDG_DATA_HOME", "data"), "Linux", user));
        assertEquals(
                Path.of("/home/eve/Library/Application Support/tinysync"),
                Home.defaultPath(Map.of(), "Mac OS X", user));
        assertEquals(
                Path.of("/local/tinysync"), Home.defaultPath(Map.of("LOCALAPPDATA", "/local"), "Windows 11", user));
        assertEquals(Path.of("/mine"), Home.defaultPath(Map.of("TINYSYNC_HOME", "/mine"), "Mac OS X", user));
    }

    @Test
    void itIsPrivateAlsoWhereItWasNot() throws IOException {
        Path open = Files.createDirectory(temp.resolve("home"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        Home home = Home.open(open);
        home.save(identity());
        assertEquals("rwx------", mode(open));
        assertEquals("rwx------", mode(home.run()));
        assertEquals("rwx------", mode(home.database(ATTACHMENT).getParent()));
        assertEquals("rw-------", mode(open.resolve("identity.json")));
    }

    @Test
    void anIdentityComesBackAsItWas() throws IOException {
        Home home = Home.open(temp.resolve("new/home"));
        assertEquals(Optional.empty(), home.identity());
        home.save(identity());
        assertEquals(Optional.of(identity()), Home.open(temp.resolve("new/home")).identity());
    }

    @Test
    void attachmentsAreChangedOneByOne() throws IOException {
        Home home = Home.open(temp);
        home.save(identity());
        Attachment main = identity().attachments().getFirst();
        home.update(identity -> identity.with(main.withPaused(true).withRole(Role.READ)));
        Attachment changed = home.identity().orElseThrow().attachment("main").orElseThrow();
        assertEquals(main.withPaused(true).withRole(Role.READ), changed);
        home.update(identity -> identity.without(ATTACHMENT));
        assertEquals(1, home.identity().orElseThrow().attachments().size());
    }

    @Test
    void twoAttachmentsCannotShareAName() {
        Attachment twin =
                Attachment.of(
                        "main",
                        new UUID(6, 6),
                        new VaultId(new UUID(1, 1)),
                        new ItemId(new UUID(2, 2)),
                        Role.READ,
                        Attachment.Mode.FOLDER,
                        Path.of("/twin"));
        Identity identity = identity();
        assertThrows(IllegalArgumentException.class, () -> identity.with(twin));
    }

    @Test
    void anInstanceIsProposedBeforeItCounts() {
        UUID next = new UUID(8, 8);
        Identity proposing = identity().proposing(next);
        assertEquals(identity().instance(), proposing.instance());
        assertEquals(Optional.of(next), proposing.proposed());
        Identity acknowledged = proposing.acknowledged(next);
        assertEquals(Optional.of(next), acknowledged.instance());
        assertEquals(Optional.empty(), acknowledged.proposed());
    }

    @Test
    void aDamagedIdentityIsRefusedAndLeftAlone() throws IOException {
        Home home = Home.open(temp);
        home.save(identity());
        String whole = Files.readString(temp.resolve("identity.json"));
        for (String damaged :
                List.of(
                        "",
                        "{",
                        "[]",
                        "\u0000".repeat(100),
                        whole.substring(0, whole.length() / 2),
                        whole.replace("\"format\":1", "\"format\":2"),
                        whole.replace("tsdev_", "tsadm_"),
                        whole.replace("\"path\":\"/", "\"path\":\""),
                        whole.replace("\"mode\":\"folder\"", "\"mode\":\"cloud\""),
                        whole.replace("https://", "ht tps://"))) {
            Files.writeString(temp.resolve("identity.json"), damaged);
            BadIdentityException refused = assertThrows(BadIdentityException.class, home::identity);
            assertTrue(refused.getMessage().contains("identity.json"), refused.getMessage());
            assertFalse(refused.getMessage().contains(identity().token().secret()), "a secret in a message");
            assertEquals(damaged, Files.readString(temp.resolve("identity.json")));
        }
    }

    @Test
    void anIdentityThatIsALinkIsNotFollowed() throws IOException {
        Home home = Home.open(temp.resolve("home"));
        home.save(identity());
        Path elsewhere = temp.resolve("elsewhere");
        Files.move(temp.resolve("home/identity.json"), elsewhere);
        Files.createSymbolicLink(temp.resolve("home/identity.json"), elsewhere);
        assertThrows(IOException.class, home::identity);
    }

    @Test
    void aSecondDaemonIsRefused() throws IOException {
        Home home = Home.open(temp);
        try (PrivateFiles.Lock held = home.lock()) {
            HomeInUseException refused = assertThrows(HomeInUseException.class, home::lock);
            assertTrue(refused.getMessage().contains(temp.toString()), () -> held + refused.getMessage());
        }
        home.lock().close();
    }

    @Test
    void forgettingAnAttachmentRemovesItsState() throws IOException {
        Home home = Home.open(temp);
        home.save(identity());
        Path database = home.database(ATTACHMENT);
        StateStore.open(database).close();
        Files.createFile(database.resolveSibling(database.getFileName() + "-wal"));
        home.forget(ATTACHMENT);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(database.getParent())) {
            assertFalse(left.iterator().hasNext());
        }
        assertEquals(Optional.of(identity()), home.identity());
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static Identity identity() {
        Attachment main =
                Attachment.of(
                        "main",
                        ATTACHMENT,
                        new VaultId(new UUID(1, 1)),
                        new ItemId(new UUID(2, 2)),
                        Role.MANAGE,
                        Attachment.Mode.FOLDER,
                        Path.of("/home/eve/TinySync ü"));
        Attachment photos =
                new Attachment(
                        "photos",
                        new UUID(7, 7),
                        new VaultId(new UUID(3, 3)),
                        new ItemId(new UUID(4, 4)),
                        Role.READ,
                        Attachment.Mode.DRIVE,
                        Path.of("/mnt/photos"),
                        true,
                        List.of("2026", "2025/summer"));
        return new Identity(
                new DeviceToken(new DeviceId(new UUID(10, 11)), "ab".repeat(32)),
                "laptop",
                List.of(URI.create("https://nas.local:8460/sync"), URI.create("https://192.168.1.7:8460")),
                Optional.of(Hash.of(new byte[] {1})),
                new UUID(12, 13),
                Optional.of(new UUID(14, 15)),
                Optional.empty(),
                List.of(main, photos));
    }
}
