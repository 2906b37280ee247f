/**
 * What travels between client and server, and between command line and daemon: requests, responses, frames, and the
 * codecs that read and write them (FORMATS of the design of record; {@code docs/PROTOCOL.md}).
 *
 * <p>Everything that comes from outside is parsed here into a type before any rule sees it; what cannot be parsed
 * becomes a {@link tinysync.wire.Refusal}. This package opens no connection and holds no rule of the tree.
 *
 * <p>Start with {@link tinysync.wire.StrictJson} and {@link tinysync.wire.Fields}, through which all JSON comes in;
 * then {@link tinysync.wire.ItemCodec}, {@link tinysync.wire.MutationCodec} and {@link tinysync.wire.BundleReader}.
 *
 * <p>What FORMATS leaves open is settled here and belongs into {@code docs/PROTOCOL.md}:
 *
 * <ul>
 *   <li>{@code POST …/content/missing}: {@code {"ids":[…]}}, content ids and chunk hashes mixed, at most 10,000; answer
 *       {@code {"missing":[…]}}.
 *   <li>{@code POST …/content/fetch}: {@code {"ids":[…]}}; answer of type {@code application/x-tinysync-bundle}: for
 *       each id a JSON frame {@code {"content":{"id","size"}}} and one raw frame (type 3) with its bytes, or {@code
 *       {"missing":"id"}}; last {@code {"end":{"contents":N}}}, N counting both. Content of more than 64 KiB is
 *       answered as missing: it has its own call.
 *   <li>{@code POST /v1/session}: {@code {"previous"?:"…","new":"…"}}; answer {@code {}}.
 *   <li>{@code GET /v1/me}: see {@link tinysync.wire.Me}; {@code GET /v1/vaults/{v}}: see {@link
 *       tinysync.wire.VaultView}.
 *   <li>The answer to a commit may end with a line {@code {"error":{…}}} in place of {@code {"end":…}}: mutations
 *       without a result are unsettled then.
 *   <li>The answer to a commit begins only after the whole request was read (a refusal of the request aside): many HTTP
 *       clients, the JDK's among them, read no answer while they send, so a server that writes results in between
 *       blocks both sides for good once the buffers of the connection are full.
 *   <li>Media types of answers: {@code application/json}, {@code application/x-ndjson} (snapshot, commit), {@code
 *       application/octet-stream} (content, chunks), always with a {@code Content-Length} for the last.
 *   <li>A type 2 frame is deflated with a zlib header (RFC 1950) and inflates to at most 1 MiB.
 * </ul>
 */
package tinysync.wire;
