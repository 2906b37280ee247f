package tinysync.server.store;

import tinysync.server.core.RegistryTx;
import tinysync.server.core.Store;
import tinysync.server.core.StoreException;
import tinysync.server.core.StoreException.Trouble;
import tinysync.server.core.VaultStore;
import tinysync.server.core.VaultTx;
import tinysync.tree.VaultId;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Keeps everything in a folder: {@code registry.db}, and {@code vaults/ID.db} for each vault. What a write returned
 * survives the loss of power (WAL, {@code synchronous=FULL}). One process at a time may use the folder; that is the
 * caller's to see to.
 */
public final class SqliteStore implements Store {
    private final Path vaultsFolder;
    private final SqliteDatabase registry;
    private final Map<VaultId, SqliteVault> vaults = new HashMap<>();

    private SqliteStore(Path vaultsFolder, SqliteDatabase registry) {
        this.vaultsFolder = vaultsFolder;
        this.registry = registry;
    }

    /**
     * Opens the folder, and makes it where it is missing.
     *
     * @throws StoreException also where a newer program wrote the databases
     */
    public static SqliteStore open(Path folder) {
        Path vaultsFolder = folder.resolve("vaults");
        makePrivate(folder);
        makePrivate(vaultsFolder);
        return new SqliteStore(vaultsFolder, SqliteDatabase.open(folder.resolve("registry.db"), Migrations.REGISTRY));
    }

    /** Only the owner may look into it; its own entry is durable, too. */
    private static void makePrivate(Path folder) {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes =
                posix
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                        }
                        : new FileAttribute<?>[0];
        try {
            if (Files.isDirectory(folder)) {
                return;
            }
            Files.createDirectories(folder, attributes);
            if (posix) {
                Path parent = folder.toAbsolutePath().getParent();
                try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        } catch (IOException e) {
            throw new StoreException(Trouble.BROKEN, "cannot make the folder " + folder, e);
        }
    }

    @Override
    public <T> T registry(Function<RegistryTx, T> work) {
        return registry.write(session -> work.apply(new SqliteRegistryTx(session)));
    }

    @Override
    public <T> T registryRead(Function<RegistryTx, T> work) {
        return registry.read(session -> work.apply(new SqliteRegistryTx(session)));
    }

    @Override
    public synchronized VaultStore vault(VaultId id) {
        return vaults.computeIfAbsent(
                id, missing -> new SqliteVault(SqliteDatabase.open(file(missing, ""), Migrations.VAULT)));
    }

    @Override
    public synchronized void dropVault(VaultId id) {
        SqliteVault open = vaults.remove(id);
        if (open != null) {
            open.close();
        }
        try {
            for (String suffix : new String[] {"", "-wal", "-shm"}) {
                Files.deleteIfExists(file(id, suffix));
            }
        } catch (IOException e) {
            throw new StoreException(Trouble.BROKEN, "cannot delete the database of vault " + id, e);
        }
    }

    private Path file(VaultId id, String suffix) {
        return vaultsFolder.resolve(id + ".db" + suffix);
    }

    @Override
    public synchronized void close() {
        vaults.values().forEach(SqliteVault::close);
        vaults.clear();
        registry.close();
    }

    private record SqliteVault(SqliteDatabase database) implements VaultStore {
        @Override
        public <T> T write(Function<VaultTx, T> work) {
            return database.write(
                    session -> {
                        SqliteVaultTx tx = new SqliteVaultTx(session);
                        T result = work.apply(tx);
                        tx.flush();
                        return result;
                    });
        }

        @Override
        public <T> T read(Function<VaultTx, T> work) {
            return database.read(session -> work.apply(new SqliteVaultTx(session)));
        }

        @Override
        public void close() {
            database.close();
        }
    }
}
