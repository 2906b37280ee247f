/**
 * What the client keeps outside its folders: who this device is, and one SQLite file per attachment.
 *
 * <p>{@code identity.json} is what must not be lost: it alone names the token and the attachments. A database is a
 * cache of what server and disk say; losing one costs a scan and perhaps extra copies, never a byte that a person
 * saved. So a damaged database is put aside and replaced, while a damaged identity is an error that a person must see.
 *
 * <p>Nothing here decides what to sync, reads a user's folder, or talks to a server.
 *
 * <p>Start with {@link tinysync.client.state.Home}, then {@link tinysync.client.state.StateStore}.
 */
package tinysync.client.state;
