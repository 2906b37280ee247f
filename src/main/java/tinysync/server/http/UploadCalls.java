package tinysync.server.http;

import tinysync.content.Chunk;
import tinysync.content.Chunking;
import tinysync.content.Hash;
import tinysync.server.core.Bytes;
import tinysync.server.core.ContentRules;
import tinysync.server.core.StoredContent;
import tinysync.server.core.VaultTx;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Content on its way in: what is missing, chunks, manifests. Everything is hashed before it is kept. */
final class UploadCalls {
    private static final int BODY_MAX = Math.toIntExact(ServerInfo.Limits.DEFAULT.bodyBytes());

    private final HttpServices services;
    private final DamagedChunks damaged;

    UploadCalls(HttpServices services, DamagedChunks damaged) {
        this.services = services;
        this.damaged = damaged;
    }

    List<Route> routes() {
        Route.Need need = Route.Need.DEVICE_OR_ADMIN;
        return List.of(
                new Route("POST", "/v1/vaults/{v}/content/missing", need, Role.WRITE, this::missing),
                new Route("PUT", "/v1/vaults/{v}/chunks/{hash}", need, Role.WRITE, this::putPiece),
                new Route("PUT", "/v1/vaults/{v}/content/{hash}", need, Role.WRITE, this::putPiece),
                new Route("PUT", "/v1/vaults/{v}/manifests/{hash}", need, Role.WRITE, this::putManifest));
    }

    private VaultService vault(Call call) {
        return services.vaults().of(call.vault());
    }

    private void missing(Call call) throws IOException {
        VaultService vault = vault(call);
        List<Hash> ids = HashListCodec.decodeIds(call.json());
        // The body may have taken its time.
        services.access().require(call.who(), vault.id(), Role.WRITE);
        call.answer(200, HashListCodec.encodeMissing(vault.read(tx -> missing(tx, vault.id(), ids))));
    }

    /** What is damaged is as good as missing for who can send it. */
    private List<Hash> missing(VaultTx tx, VaultId vault, List<Hash> ids) {
        Set<Hash> missing = new LinkedHashSet<>(ContentRules.missing(tx, ids));
        if (!damaged.isEmpty()) {
            for (Hash id : ids) {
                ContentRules.find(tx, id)
                        .filter(content -> damaged.spoil(vault, content))
                        .ifPresent(content -> missing.add(id));
            }
        }
        return List.copyOf(missing);
    }

    /** A chunk and content of one chunk are the same thing: small ones go into the database, others become blobs. */
    private void putPiece(Call call) throws IOException {
        VaultService vault = vault(call);
        Hash hash = call.hash("hash");
        byte[] bytes = call.bytes(Chunking.MAX_CHUNK);
        if (!Hash.of(bytes).equals(hash)) {
            throw new Refusal(ErrorCode.BAD_HASH, "the bytes are not those of " + hash);
        }
        // A chunk is put also where it is known: its file may have rotted, and here are good bytes.
        Optional<StoredContent> known = vault.read(tx -> ContentRules.piece(tx, hash));
        if (known.filter(StoredContent.Inline.class::isInstance).isEmpty()) {
            keep(call, vault, hash, bytes);
        }
        call.answerNothing(204);
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
            damaged.healed(vault.id(), hash);
        }
    }

    private String putBlob(VaultService vault, Hash hash, byte[] bytes) {
        try {
            return services.blobs().put(vault.id(), hash, ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw Spill.trouble("cannot keep chunk " + hash, e);
        }
    }

    private void putManifest(Call call) throws IOException {
        VaultService vault = vault(call);
        Hash id = call.hash("hash");
        ManifestCodec.Body body = ManifestCodec.decode(call.json(BODY_MAX));
        write(call, vault, tx -> ContentRules.addManifest(tx, id, body.manifest()));
        call.answerNothing(204);
    }

    private interface Change {
        void in(VaultTx tx);
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
