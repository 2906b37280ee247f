/**
 * The running part of the server: vaults with the threads that commit to them, the heads that others wait for, who may
 * do what right now, and what is counted.
 *
 * <p>Rules are in {@link tinysync.server.core}, rows in {@link tinysync.server.store}; here is when and in which order
 * they meet. Nothing in this package knows of HTTP or sockets.
 *
 * <p>Start with {@link tinysync.server.live.Vaults}, then {@link tinysync.server.live.VaultService}.
 */
package tinysync.server.live;
