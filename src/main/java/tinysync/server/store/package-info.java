/**
 * Stores of a server's rows. They write what the rules tell them and hold no rules; every store passes the same
 * contract suite ({@code StoreContract} among the tests).
 *
 * <p>{@link tinysync.server.store.SqliteStore} keeps one SQLite database for the registry and one for each vault. When
 * a write returns it is on disk. This package never calls the network, and never reads a clock but to bound a wait.
 *
 * <p>Start with {@link tinysync.server.store.SqliteStore}, then {@code schema/sqlite/}.
 */
package tinysync.server.store;
