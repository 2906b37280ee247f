/**
 * The server, put together: {@link tinysync.server.TinySyncServer} opens the data folder, wires stores, vaults and
 * listeners by hand, and takes them down in the right order. Everything of the folder has its place in {@link
 * tinysync.server.DataFolder}.
 */
package tinysync.server;
