/**
 * What content is: hashes, content-defined chunks, manifests, and the one streaming pass that turns bytes into them.
 *
 * <p>Content of at most one chunk is named by the SHA-256 of its bytes; larger content by the SHA-256 of its canonical
 * manifest, so that every chunk can be verified by itself. The text of a manifest and the cut points of a vault's
 * chunking are part of the format: two devices that cut differently would share no chunk.
 *
 * <p>It reads from streams that it is given and never opens, stores or sends anything; it has no threads, no clock, and
 * no chance. A {@code Hasher} holds state between calls and belongs to one thread; everything else is immutable.
 *
 * <p>Start with {@link tinysync.content.ContentReader}, then {@link tinysync.content.Content}.
 */
package tinysync.content;
