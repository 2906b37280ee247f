/**
 * The tree: items, names, versions, mutations, events, the three trees of a client, and the planner that turns them
 * into operations.
 *
 * <p>Everything here is a value or a pure function. Nothing in this package reads a disk, a socket, a clock or chance,
 * starts a thread or speaks SQL or JSON; that is what lets the same rules run in the server, in the daemon and in a
 * simulator.
 *
 * <p>Start with {@link tinysync.tree.Item} (what the server says of one thing), {@link tinysync.tree.Mutation} (what a
 * client may ask for) and {@link tinysync.tree.LogEvent} (what came of it). The client's side begins at {@code
 * Planner}.
 */
package tinysync.tree;
