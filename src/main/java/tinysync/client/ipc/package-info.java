/**
 * How other programs of this user talk to the running daemon: a Unix-domain socket that only this user can reach, with
 * the frames of {@link tinysync.wire.IpcFrames}.
 *
 * <p><b>What it never does</b>: it knows no attachment and holds no sync logic; what a request means is the business of
 * the {@link tinysync.client.ipc.IpcHandler} that the daemon gives it. It lets nobody in but this user.
 *
 * <p><b>Where to start</b>: {@link tinysync.client.ipc.SocketPlace} says where the socket is, {@link
 * tinysync.client.ipc.IpcServer} listens there, {@link tinysync.client.ipc.IpcClient} asks.
 */
package tinysync.client.ipc;
