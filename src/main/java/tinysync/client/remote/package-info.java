/**
 * The client's typed view of a server: every call of the protocol as a blocking method, and the WebSocket that wakes.
 *
 * <p>What comes back is a value of {@link tinysync.wire} or {@link tinysync.tree} that was checked as a whole, or one
 * of the three {@link tinysync.client.remote.RemoteException}s: the server was not reached, it refused, or whoever
 * answered does not speak our protocol. Nothing here retries, waits longer than a stall, decides what an answer means
 * for the tree, or writes a file; tokens are never logged and never part of a URL. Call from virtual threads.
 *
 * <p>Start with {@link tinysync.client.remote.ServerApi}.
 */
package tinysync.client.remote;
