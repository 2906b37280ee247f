/**
 * The client's blocking workers between folder and server: content up, content down, mutations, log pages, and the
 * connection that tells when there is something to pull.
 *
 * <p>Each worker takes an {@link tinysync.client.engine.Effect} and answers with an {@link
 * tinysync.client.engine.Event} or {@link tinysync.client.engine.TransferOutcome}; whatever goes wrong is in the
 * answer. Bytes count only once their hash was compared, on either side. Memory is bounded by a few chunks per
 * transfer, whatever the size of a file.
 *
 * <p>Nothing here decides what is to be synced, changes a tree, or puts anything under a user's name. Nothing retries,
 * except that a {@link tinysync.client.transfer.Link} connects again for as long as it lives.
 *
 * <p>Start with {@link tinysync.client.transfer.Uploader}, {@link tinysync.client.transfer.FetchQueue} and {@link
 * tinysync.client.transfer.Link}.
 */
package tinysync.client.transfer;
