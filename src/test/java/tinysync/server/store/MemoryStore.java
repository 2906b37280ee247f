package tinysync.server.store;

import tinysync.server.core.RegistryTx;
import tinysync.server.core.Store;
import tinysync.server.core.VaultStore;
import tinysync.server.core.VaultTx;
import tinysync.tree.VaultId;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** The store of tests and simulations: one lock, plain maps, and an undo log for what is rolled back. */
public final class MemoryStore implements Store {
    private final UndoLog undo = new UndoLog();
    private final MemoryRegistryTx registry = new MemoryRegistryTx(undo);
    private final Map<VaultId, MemoryVault> vaults = new HashMap<>();

    @Override
    public <T> T registry(Function<RegistryTx, T> work) {
        return transaction(undo, () -> work.apply(registry));
    }

    @Override
    public <T> T registryRead(Function<RegistryTx, T> work) {
        return transaction(undo, () -> undo.unchanged(work.apply(registry)));
    }

    @Override
    public synchronized VaultStore vault(VaultId id) {
        return vaults.computeIfAbsent(id, missing -> new MemoryVault());
    }

    @Override
    public synchronized void dropVault(VaultId id) {
        vaults.remove(id);
    }

    @Override
    public void close() {
        vaults.clear();
    }

    private synchronized <T> T transaction(UndoLog log, Supplier<T> work) {
        log.begin();
        try {
            T result = work.get();
            log.commit();
            return result;
        } catch (RuntimeException | Error e) {
            log.rollback();
            throw e;
        }
    }

    private final class MemoryVault implements VaultStore {
        private final UndoLog log = new UndoLog();
        private final MemoryVaultTx rows = new MemoryVaultTx(log);

        @Override
        public <T> T write(Function<VaultTx, T> work) {
            return transaction(log, () -> work.apply(rows));
        }

        @Override
        public <T> T read(Function<VaultTx, T> work) {
            return transaction(log, () -> log.unchanged(work.apply(rows)));
        }

        @Override
        public void close() {
            // Nothing is held open.
        }
    }
}
