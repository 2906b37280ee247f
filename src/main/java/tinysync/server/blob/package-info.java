/**
 * Stores of a server's large content: chunks under keys, nothing else. What is here has no meaning by itself; which
 * chunk a vault holds, and which content they make, the vault's own rows say.
 *
 * <p>Bytes are written before a row names them and removed after no row does, so a crash leaves at most chunks that
 * nobody names. This package does not hash and does not check what it gives back: the reader does. Start with {@link
 * tinysync.server.blob.BlobStore}.
 */
package tinysync.server.blob;
