/**
 * The wake socket with clients that nobody here wrote: the npm package {@code ws}, Debian's python3-websockets,
 * Chromium and {@code java.net.http}. Each opens the same connections and says what came of them; {@code .ci/run}
 * installs what they need, and {@code .ci/fetch-peers} the npm package.
 */
package tinysync.interop;
