package tinysync.server.core;

import java.util.function.Function;

/** The rows of one vault. Safe for use by many threads; writes come one after another, reads run beside them. */
public interface VaultStore extends AutoCloseable {

    /**
     * Runs {@code work} as one transaction, alone in this vault; when this returns, what it wrote survives the loss of
     * power. What {@code work} throws rolls everything back and is thrown on.
     */
    <T> T write(Function<VaultTx, T> work);

    /** Runs {@code work} on one consistent state of the vault; it may not write. At most a few run at once. */
    <T> T read(Function<VaultTx, T> work);

    /** Waits for running transactions, then releases this vault's connections. */
    @Override
    void close();
}
