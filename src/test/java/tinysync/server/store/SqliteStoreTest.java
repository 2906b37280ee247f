package tinysync.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.content.Hash;
import tinysync.server.core.InviteId;
import tinysync.server.core.InviteRow;
import tinysync.server.core.Store;
import tinysync.server.core.StoreException;
import tinysync.server.core.VaultRow;
import tinysync.server.core.VaultStore;
import tinysync.tree.ItemId;
import tinysync.tree.VaultId;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

class SqliteStoreTest extends StoreContract {
    private static final VaultId OTHER = new VaultId(new UUID(1, 1));
    private static final ItemId ITEM = new ItemId(new UUID(2, 2));

    @TempDir Path folder;

    @Override
    Store open() {
        return SqliteStore.open(folder.resolve("data"));
    }

    @Test
    void rowsAreThereAfterOpeningAgain() {
        Path data = folder.resolve("again");
        try (Store store = SqliteStore.open(data)) {
            store.vault(OTHER)
                    .write(
                            tx -> {
                                tx.addDying(ITEM);
                                return true;
                            });
            store.registry(
                    tx -> {
                        tx.putSetting("k", "v");
                        return true;
                    });
        }
        // SQLite removes it when the last connection is closed with nothing left open in it.
        assertFalse(Files.exists(data.resolve("registry.db-wal")));
        try (Store store = SqliteStore.open(data)) {
            assertEquals(List.of(ITEM), store.vault(OTHER).read(tx -> tx.dying(10)));
            assertEquals(Optional.of("v"), store.registryRead(tx -> tx.setting("k")));
        }
    }

    @Test
    void everyFileOfADatabaseIsItsOwnersAlone() throws IOException {
        Path data = Files.createDirectory(folder.resolve("open"));
        try (Store store = SqliteStore.open(data)) {
            store.vault(OTHER)
                    .write(
                            tx -> {
                                tx.addDying(ITEM);
                                return true;
                            });
            try (Stream<Path> files = Files.walk(data)) {
                List<Path> databases = files.filter(Files::isRegularFile).toList();
                assertEquals(6, databases.size(), databases.toString());
                for (Path file : databases) {
                    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                    assertEquals("rw-------", mode, file.toString());
                }
            }
        }
    }

    void aRowIsNeverReplacedByAnotherOfTheSameName() {
        try (Store store = SqliteStore.open(folder.resolve("names"))) {
            VaultRow first = new VaultRow(OTHER, "main", Instant.EPOCH);
            VaultRow second = new VaultRow(new VaultId(new UUID(1, 2)), "main", Instant.EPOCH);
            put(store, first);
            assertThrows(StoreException.class, () -> put(store, second));
            assertEquals(Optional.of(first), store.registryRead(tx -> tx.vaultNamed("main")));
        }
    }

    private static void put(Store store, VaultRow row) {
        store.registry(
                tx -> {
                    tx.putVault(row);
                    return true;
                });
    }

    @Test
    void anOlderSchemaIsBroughtUpToDateWithItsRows() {
        Path file = folder.resolve("older.db");
        Hash verifier = Hash.of(new byte[] {1});
        UUID id = new UUID(4, 4);
        Migrations all = Migrations.REGISTRY;
        try (SqliteDatabase old =
                SqliteDatabase.open(file, new Migrations(all.folder(), all.scripts().subList(0, 1)))) {
            old.write(
                    session -> {
                        session.add(
                                "invites",
                                "id, verifier, group_id, role, uses_left, expires, created",
                                id,
                                verifier,
                                new UUID(5, 5),
                                "write",
                                3,
                                Instant.EPOCH,
                                Instant.EPOCH);
                        return true;
                    });
        }
        try (SqliteDatabase now = SqliteDatabase.open(file, all)) {
            Optional<InviteRow> invite = now.read(session -> new SqliteRegistryTx(session).invite(new InviteId(id)));
            assertEquals(verifier, invite.orElseThrow().verifier());
            assertEquals(Optional.empty(), invite.orElseThrow().minter());
        }
    }

    @Test
    void aNewerSchemaIsRefusedWithClearText() {
        Path data = folder.resolve("newer");
        SqliteStore.open(data).close();
        try (SqliteSession session = SqliteSession.writer(data.resolve("registry.db"))) {
            session.execute("INSERT INTO schema_version VALUES (99, '0099_future.sql')");
        }
        StoreException refused = assertThrows(StoreException.class, () -> SqliteStore.open(data));
        assertTrue(refused.getMessage().contains("newer tinysync"), refused.getMessage());
    }

    @Test
    void aReadSeesOneStateWhileOthersWrite() throws Exception {
        try (Store store = SqliteStore.open(folder.resolve("reads"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            VaultStore vault = store.vault(OTHER);
            CountDownLatch began = new CountDownLatch(1);
            CountDownLatch written = new CountDownLatch(1);
            Future<Integer> seen =
                    threads.submit(
                            () ->
                                    vault.read(
                                            tx -> {
                                                int before = tx.dying(10).size();
                                                began.countDown();
                                                await(written);
                                                return before + tx.dying(10).size();
                                            }));
            began.await();
            vault.write(
                    tx -> {
                        tx.addDying(ITEM);
                        return true;
                    });
            written.countDown();
            assertEquals(0, seen.get());
            assertEquals(1, vault.read(tx -> tx.dying(10)).size());
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsRefusedAndLetGo() throws IOException {
        Path data = folder.resolve("foreign");
        SqliteStore.open(data).close();
        Path file = Files.writeString(data.resolve("registry.db"), "no database at all".repeat(100));
        assertThrows(StoreException.class, () -> SqliteStore.open(data));
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            assertFalse(open.anyMatch(fd -> isOn(fd, file)));
        }
    }

    private static boolean isOn(Path fd, Path file) {
        try {
            return Files.readSymbolicLink(fd).equals(file.toRealPath());
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
