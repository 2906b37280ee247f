/**
 * The rules of the server: what a commit may do, who may do it, what the log and a snapshot say, what content is there.
 *
 * <p>Everything here is a function of its arguments and of rows read through a small port ({@link
 * tinysync.server.core.Store}); stores keep rows and hold no rules. Nothing in this package opens a file or a
 * connection, starts a thread, reads a clock or takes chance: times, tags and new ids are given by the caller.
 *
 * <p>Start with {@link tinysync.server.core.CommitRules}, the only way into a vault, then {@link
 * tinysync.server.core.LogRules}, {@link tinysync.server.core.SnapshotRules} and {@link
 * tinysync.server.core.AccessRules}. {@link tinysync.server.core.VaultTx} shows what a store has to remember.
 */
package tinysync.server.core;
