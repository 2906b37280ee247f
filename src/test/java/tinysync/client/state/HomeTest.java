package tinysync.client.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.Selection;
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
import java.util.Set;
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
        assertEquals(List.of(), home.identities());
        home.save(identity());
        assertEquals(List.of(identity()), Home.open(temp.resolve("new/home")).identities());
    }

    @Test
    void attachmentsAreChangedOneByOne() throws IOException {
        Home home = Home.open(temp);
        home.save(identity());
        Attachment main = identity().attachments().getFirst();
        home.account(identity().serverId())
                .update(identity -> identity.with(main.withPaused(true).withRole(Role.READ)));
        Attachment changed = home.identities().getFirst().attachment("main").orElseThrow();
        assertEquals(main.withPaused(true).withRole(Role.READ), changed);
        home.account(identity().serverId()).update(identity -> identity.without(ATTACHMENT));
        assertEquals(1, home.identities().getFirst().attachments().size());
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
    void namesAreUniqueAmongAllServersOfAHome() throws IOException {
        Home home = Home.open(temp);
        home.save(identity());
        Identity other = at(new UUID(20, 21), List.of());
        home.save(other);
        assertEquals(List.of(identity(), other), Home.open(temp).identities());
        Identity twin = at(new UUID(20, 21), List.of(identity().attachments().getFirst()));
        assertThrows(IllegalArgumentException.class, () -> home.save(twin));
        assertEquals(List.of(identity(), other), home.identities());
    }

    @Test
    void whatIsLeftIsForgottenAndTheOthersStay() throws IOException {
        Home home = Home.open(temp);
        home.save(identity());
        Identity other = at(new UUID(20, 21), List.of());
        home.save(other);
        home.leave(identity().serverId());
        assertEquals(List.of(other), home.identities());
        assertEquals(Optional.empty(), home.account(identity().serverId()).identity());
        home.leave(other.serverId());
        assertFalse(Files.exists(temp.resolve("identity.json")));
    }

    /** As 0.1 wrote it before a home could have several servers. */
    @Test
    void anIdentityOfTheFirstFormatIsReadAndWrittenAnewWithTheNextChange() throws IOException {
        Files.writeString(
                temp.resolve("identity.json"),
                """
                {"format":1,"token":"tsdev_000000000000000a000000000000000b_%s","device_name":"laptop",
                 "servers":["https://nas.local:8460/sync","https://192.168.1.7:8460"],
                 "server_id":"00000000-0000-000c-0000-00000000000d","pin":"%s",
                 "instance":"00000000-0000-000e-0000-00000000000f","attachments":[
                 {"name":"main","id":"%s","vault":"00000000-0000-0001-0000-000000000001",
                  "root":"00000000-0000-0002-0000-000000000002","role":"manage","mode":"folder",
                  "path":"/home/eve/TinySync ü","paused":false},
                 {"name":"photos","id":"00000000-0000-0007-0000-000000000007",
                  "vault":"00000000-0000-0003-0000-000000000003","root":"00000000-0000-0004-0000-000000000004",
                  "role":"read","mode":"drive","path":"/mnt/photos","paused":true,"kept_local":["2025/summer","2026"],"hidden":["00000000-0000-0005-0000-000000000005"]}]}
                """
                        .formatted("ab".repeat(32), Hash.of(new byte[] {1}).hex(), ATTACHMENT));
        Home home = Home.open(temp);
        assertEquals(List.of(identity()), home.identities());
        home.account(identity().serverId()).update(now -> now.proposing(new UUID(5, 5)));
        assertTrue(Files.readString(temp.resolve("identity.json")).startsWith("{\"format\":2,"));
        assertEquals(List.of(identity().proposing(new UUID(5, 5))), Home.open(temp).identities());
    }

    private static Identity at(UUID server, List<Attachment> attachments) {
        return new Identity(
                identity().token(),
                "laptop",
                List.of(URI.create("https://other.example.org")),
                Optional.empty(),
                server,
                Optional.empty(),
                Optional.empty(),
                attachments);
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
                        whole.replace("\"format\":2", "\"format\":3"),
                        whole.replace("tsdev_", "tsadm_"),
                        whole.replace("\"path\":\"/", "\"path\":\""),
                        whole.replace("\"mode\":\"folder\"", "\"mode\":\"cloud\""),
                        whole.replace("https://", "ht tps://"))) {
            Files.writeString(temp.resolve("identity.json"), damaged);
            BadIdentityException refused = assertThrows(BadIdentityException.class, home::identities);
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
        assertThrows(IOException.class, home::identities);
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
        assertEquals(List.of(identity()), home.identities());
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
                        new Selection(Set.of(new ItemId(new UUID(5, 5))), Set.of("2026", "2025/summer")));
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
