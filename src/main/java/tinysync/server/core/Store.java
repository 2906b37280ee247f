package tinysync.server.core;

import tinysync.tree.VaultId;

import java.util.function.Function;

/**
 * Everything a server remembers, but for the bytes of large content: one registry and one store for each vault. Holds
 * no rules. Safe for use by many threads. Every method throws {@link StoreException} on storage trouble.
 */
public interface Store extends AutoCloseable {

    /**
     * Runs {@code work} as one serialised write transaction on the registry; when this returns, it is durable. What
     * {@code work} throws rolls everything back and is thrown on. The transaction is not valid after {@code work}.
     */
    <T> T registry(Function<RegistryTx, T> work);

    /** Runs {@code work} on one consistent state of the registry; it may not write. */
    <T> T registryRead(Function<RegistryTx, T> work);

    /**
     * The store of one vault, created empty where it does not exist yet ({@link VaultRules#create} fills it). It stays
     * open and is the same object for all callers until it is dropped or this store is closed.
     */
    VaultStore vault(VaultId id);

    /** Forgets a vault and all its rows for good. Dropping one that is not there is not an error. */
    void dropVault(VaultId id);

    /** Waits for running transactions, then releases everything. Nothing may be called afterwards. */
    @Override
    void close();
}
