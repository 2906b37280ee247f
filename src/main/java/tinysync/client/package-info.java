/**
 * The client's daemon: everything around the engine that has threads, files and sockets.
 *
 * <p>{@link tinysync.client.Daemon} holds a home and its connection, and runs one attachment beside the other. Of each,
 * an {@code AttachmentRunner} keeps a session going; an {@code AttachmentSession} is an open folder with all workers
 * around an {@code AttachmentLoop}, the one thread that owns the engine: events in, changes made durable, effects out.
 *
 * <p>Nothing here decides what is synced; that is {@link tinysync.client.engine}. Other programs ask through {@link
 * tinysync.client.ipc}.
 *
 * <p>Start with {@link tinysync.client.Daemon}, then {@code AttachmentLoop}.
 */
package tinysync.client;
