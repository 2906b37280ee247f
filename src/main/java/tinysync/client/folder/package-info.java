/**
 * The user's folder: how it is listed and hashed, how downloads are staged and put in their places, and where replaced
 * and deleted files wait until it is certain that they hold nothing of a person's that is not kept elsewhere.
 *
 * <p><b>What it never does</b>: it decides nothing about synchronisation and knows no server. It never follows a
 * symbolic link, never leaves the root, and never unlinks a person's file: what was replaced or removed is
 * <em>displaced</em> into {@code .tinysync/displaced/} and looked at again, minutes later, before it goes.
 *
 * <p><b>Where to start</b>: {@link tinysync.client.folder.Root} is the open folder; {@link
 * tinysync.client.folder.FolderLister} and {@link tinysync.client.folder.FileHasher} read; {@link
 * tinysync.client.folder.Staging} takes downloads and {@link tinysync.client.folder.Applier} performs {@link
 * tinysync.client.engine.DiskOp}s; {@link tinysync.client.folder.Displaced} ends what those began.
 */
package tinysync.client.folder;
