/**
 * Tells which entries of a folder tree changed.
 *
 * <p><b>What it never does</b>: it reads no file, follows no symbolic link, does not look into {@code .tinysync}, and
 * never promises completeness: what it tells is a hint, and the listing that follows is the truth. What it knows to
 * have missed it says ({@link tinysync.client.watch.WatchSignal.Overflow}, {@link
 * tinysync.client.watch.WatchSignal.LimitReached}).
 *
 * <p><b>Where to start</b>: {@link tinysync.client.watch.FolderWatcher#of}.
 */
package tinysync.client.watch;
