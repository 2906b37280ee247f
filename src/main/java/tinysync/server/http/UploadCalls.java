package tinysync.server.http;

import tinysync.content.Chunk;
import tinysync.content.Chunking;
import tinysync.content.Hash;
import tinysync.server.core.Bytes;
import tinysync.server.core.ContentRules;
import tinysync.server.core.StoreException;
import tinysync.server.core.StoredContent;
import tinysync.server.live.VaultService;
import tinysync.tree.VaultId;
import tinysync.wire.ErrorCode;
import tinysync.wire.HashListCodec;
import tinysync.wire.ManifestCodec;
import tinysync.wire.Refusal;
import tinysync.wire.Role;
import tinysync.wire.ServerInfo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Content on its way in: what is missing, chunks, manifests. Everything is hashed before it is kept. */
final class UploadCalls {
    private static final int BODY_MAX = Math.toIntExact(ServerInfo.Limits.DEFAULT.bodyBytes());
    private static final int JSON_EXPANSION = 6;

    private final HttpServices services;
    private final MemoryBudget memory;

    UploadCalls(HttpServices services, MemoryBudget memory) {
        this.services = services;
        this.memory = memory;
    }

    List<Route> routes() {
        Route.Need need = Route.Need.DEVICE_OR_ADMIN;
        return List.of(
                new Route("POST", "/v1/vaults/{v}/content/missing", need, this::missing),
                new Route("PUT", "/v1/vaults/{v}/chunks/{hash}", need, this::putPiece),
                new Route("PUT", "/v1/vaults/{v}/content/{hash}", need, this::putPiece),
                new Route("PUT", "/v1/vaults/{v}/manifests/{hash}", need, this::putManifest));
    }

    private VaultService writable(Call call) {
        VaultId id = call.vault();
        services.access().require(call.who(), id, Role.WRITE);
        return services.vaults().of(id);
    }

    private void missing(Call call) throws IOException {
        VaultService vault = writable(call);
        List<Hash> ids = HashListCodec.decodeIds(call.json());
        call.answer(200, HashListCodec.encodeMissing(vault.read(tx -> ContentRules.missing(tx, ids))));
    }

    /** A chunk and content of one chunk are the same thing: small ones go into the database, others become blobs. */
    private void putPiece(Call call) throws IOException {
        VaultService vault = writable(call);
        Hash hash = call.hash("hash");
        long announced = call.length().orElse((long) Chunking.MAX_CHUNK);
        if (announced > Chunking.MAX_CHUNK) {
            throw tooLarge();
        }
        try (MemoryBudget.Share _ = memory.take(2 * announced)) {
            byte[] bytes = body(call, announced);
            if (bytes.length > Chunking.MAX_CHUNK) {
                throw tooLarge();
            }
            if (!Hash.of(bytes).equals(hash)) {
                throw new Refusal(ErrorCode.BAD_HASH, "the bytes are not those of " + hash);
            }
            // A chunk is put also where it is known: its file may have rotted, and here are good bytes.
            Optional<StoredContent> known = vault.read(tx -> ContentRules.piece(tx, hash));
            if (known.filter(StoredContent.Inline.class::isInstance).isEmpty()) {
                keep(call, vault, hash, bytes);
            }
        }
        call.answerNothing(204);
    }

    /** A body of announced length goes into an array of that length; of the others one byte too many is read. */
    private static byte[] body(Call call, long announced) throws IOException {
        if (call.length().isEmpty()) {
            return call.body().readNBytes(Chunking.MAX_CHUNK + 1);
        }
        byte[] bytes = new byte[(int) announced];
        int got = call.body().readNBytes(bytes, 0, bytes.length);
        return got == bytes.length ? bytes : Arrays.copyOf(bytes, got);
    }

    private void keep(Call call, VaultService vault, Hash hash, byte[] bytes) {
        if (bytes.length <= Chunking.INLINE_MAX) {
            Bytes small = Bytes.of(bytes);
            write(call, vault, tx -> ContentRules.addInline(tx, hash, small));
        } else {
            // Durable before it is named, and outside the lock.
            String key = putBlob(vault, hash, bytes);
            Chunk chunk = new Chunk(hash, bytes.length);
            write(call, vault, tx -> ContentRules.addChunk(tx, chunk, key));
        }
    }

    private String putBlob(VaultService vault, Hash hash, byte[] bytes) {
        try {
            return services.blobs().put(vault.id(), hash, ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            // The JDK has no type for a full disk, only the system's words.
            boolean full = String.valueOf(e.getMessage()).matches("(?s).*(No space left|Disk quota exceeded).*");
            StoreException.Trouble trouble = full ? StoreException.Trouble.FULL : StoreException.Trouble.BROKEN;
            throw new StoreException(trouble, "cannot keep chunk " + hash, e);
        }
    }

    private static Refusal tooLarge() {
        return new Refusal(ErrorCode.BODY_TOO_LARGE, "a chunk has at most " + Chunking.MAX_CHUNK + " bytes");
    }

    private void putManifest(Call call) throws IOException {
        VaultService vault = writable(call);
        Hash id = call.hash("hash");
        try (MemoryBudget.Share _ = memory.take(call.length().orElse((long) BODY_MAX) * JSON_EXPANSION)) {
            ManifestCodec.Body body = ManifestCodec.decode(call.json(BODY_MAX));
            write(call, vault, tx -> ContentRules.addManifest(tx, id, body.manifest()));
        }
        call.answerNothing(204);
    }

    private interface Change {
        void in(tinysync.server.core.VaultTx tx);
    }

    /** Asks once more under the vault's lock: the right to write may have gone while the body was coming. */
    private void write(Call call, VaultService vault, Change change) {
        vault.write(
                tx -> {
                    services.access().require(call.who(), vault.id(), Role.WRITE);
                    change.in(tx);
                    return true;
                });
    }
}
