package tinysync.server.http;

import tinysync.content.CorruptContentException;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.server.core.ContentRules;
import tinysync.server.core.StoredContent;
import tinysync.server.live.VaultService;
import tinysync.wire.BundleReader;
import tinysync.wire.ErrorCode;
import tinysync.wire.FetchWriter;
import tinysync.wire.HashListCodec;
import tinysync.wire.ManifestCodec;
import tinysync.wire.Refusal;
import tinysync.wire.Role;
import tinysync.wire.SmallContent;
import tinysync.wire.StrictJson;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Content on its way out: whole or in ranges, manifests, many small ones at once. Access is asked for again per chunk.
 */
final class DownloadCalls {
    private static final String BYTES = "application/octet-stream";
    private static final int FETCH_MAX = 1_000;

    /** So many contents are held for a peer that may be slow. */
    private static final int FETCH_SLICE = 8;

    private static final int BUFFER = 32 << 10;

    private final HttpServices services;
    private final DamagedChunks damaged;

    DownloadCalls(HttpServices services, DamagedChunks damaged) {
        this.services = services;
        this.damaged = damaged;
    }

    List<Route> routes() {
        Route.Need need = Route.Need.DEVICE_OR_ADMIN;
        return List.of(
                new Route("POST", "/v1/vaults/{v}/content/fetch", need, Role.READ, this::fetch),
                new Route("GET", "/v1/vaults/{v}/content/{hash}", need, Role.READ, this::get),
                new Route("HEAD", "/v1/vaults/{v}/content/{hash}", need, Role.READ, this::get),
                new Route("GET", "/v1/vaults/{v}/manifests/{hash}", need, Role.READ, this::manifest));
    }

    private VaultService vault(Call call) {
        return services.vaults().of(call.vault());
    }

    private static StoredContent find(VaultService vault, Hash id) {
        return vault.read(tx -> ContentRules.find(tx, id))
                .orElseThrow(() -> new Refusal(ErrorCode.NOT_FOUND, "no such content here"));
    }

    private void get(Call call) throws IOException {
        VaultService vault = vault(call);
        Hash id = call.hash("hash");
        StoredContent content = find(vault, id);
        String tag = "\"" + id + "\"";
        call.setHeader("ETag", tag);
        call.setHeader("Accept-Ranges", "bytes");
        if (call.header("If-None-Match").filter(given -> given.equals(tag)).isPresent()) {
            call.answerHead(304, BYTES, content.size());
            return;
        }
        boolean sameContent = call.header("If-Range").map(tag::equals).orElse(true);
        Optional<String> range = sameContent ? call.header("Range") : Optional.empty();
        switch (ByteRange.parse(range, content.size())) {
            case ByteRange.Asked.Whole whole -> send(call, vault, content, 200, new ByteRange(0, content.size()));
            case ByteRange.Asked.Part(ByteRange part) -> {
                call.setHeader("Content-Range", part.header(content.size()));
                send(call, vault, content, 206, part);
            }
            case ByteRange.Asked.Outside outside -> {
                call.setHeader("Content-Range", "bytes */" + content.size());
                throw new Refusal(ErrorCode.RANGE_NOT_SATISFIABLE, "the content has " + content.size() + " bytes");
            }
        }
    }

    private void send(Call call, VaultService vault, StoredContent content, int status, ByteRange range)
            throws IOException {
        if (call.method().equals("HEAD") || range.length() == 0) {
            call.answerHead(status, BYTES, range.length());
            return;
        }
        ChunkSource source = new ChunkSource(vault, services.blobs(), damaged);
        Iterator<Manifest.Piece> later = List.<Manifest.Piece>of().iterator();
        ChunkSource.Part part;
        try {
            if (content instanceof StoredContent.Chunked chunked) {
                later = source.pieces(chunked, range).iterator();
                part = source.part(later.next());
            } else {
                part = new ChunkSource.Part(content, (int) range.offset(), (int) range.length());
            }
            source.verify(part);
        } catch (IOException damaged) {
            throw damaged(call, damaged);
        }
        try (OutputStream out = call.answerStream(status, BYTES, Optional.of(range.length()))) {
            source.send(part, out);
            while (later.hasNext()) {
                // A revoked device gets no further chunk.
                services.access().require(call.who(), vault.id(), Role.READ);
                part = source.part(later.next());
                source.verify(part);
                source.send(part, out);
            }
        } catch (CorruptContentException damaged) {
            damaged(call, damaged);
            throw damaged;
        }
    }

    private static Refusal damaged(Call call, IOException cause) {
        System.getLogger("tinysync.server.http")
                .log(System.Logger.Level.ERROR, "request " + call.requestId() + ": stored content is damaged", cause);
        return new Refusal(ErrorCode.INTERNAL, "this content is damaged on the server");
    }

    private void manifest(Call call) throws IOException {
        VaultService vault = vault(call);
        Hash id = call.hash("hash");
        call.answerKept(Call.JSON, out -> out.write(StrictJson.utf8(ManifestCodec.encode(manifestBody(vault, id)))));
    }

    private static ManifestCodec.Body manifestBody(VaultService vault, Hash id) {
        Manifest manifest =
                vault.read(tx -> tx.manifest(id))
                        .orElseThrow(() -> new Refusal(ErrorCode.NOT_FOUND, "no such manifest here"));
        return new ManifestCodec.Body(manifest, Optional.empty());
    }

    private void fetch(Call call) throws IOException {
        VaultService vault = vault(call);
        List<Hash> ids = HashListCodec.decodeIds(call.json());
        if (ids.size() > FETCH_MAX) {
            throw new Refusal(ErrorCode.LIMIT_EXCEEDED, "at most " + FETCH_MAX + " contents at once");
        }
        // The body may have taken its time.
        services.access().require(call.who(), vault.id(), Role.READ);
        ChunkSource source = new ChunkSource(vault, services.blobs(), damaged);
        try (OutputStream out =
                new BufferedOutputStream(call.answerStream(200, BundleReader.MEDIA_TYPE, Optional.empty()), BUFFER)) {
            FetchWriter writer = new FetchWriter(out);
            for (int from = 0; from < ids.size(); from += FETCH_SLICE) {
                if (from > 0) {
                    services.access().require(call.who(), vault.id(), Role.READ);
                }
                fetch(call, source, vault, ids.subList(from, Math.min(ids.size(), from + FETCH_SLICE)), writer);
            }
            writer.end();
        }
    }

    private static void fetch(Call call, ChunkSource source, VaultService vault, List<Hash> ids, FetchWriter writer)
            throws IOException {
        List<Optional<StoredContent>> found =
                vault.read(
                        tx -> {
                            List<Optional<StoredContent>> contents = new ArrayList<>();
                            ids.forEach(id -> contents.add(ContentRules.find(tx, id)));
                            return contents;
                        });
        for (int i = 0; i < ids.size(); i++) {
            Optional<byte[]> bytes =
                    found.get(i).isEmpty() ? Optional.empty() : small(call, source, found.get(i).get());
            if (bytes.isPresent() && Hash.of(bytes.get()).equals(ids.get(i))) {
                writer.content(SmallContent.of(bytes.get()));
            } else {
                writer.missing(ids.get(i));
            }
        }
    }

    /** Damaged content is as good as none; one of many does not stop the rest. */
    private static Optional<byte[]> small(Call call, ChunkSource source, StoredContent content) throws IOException {
        try {
            return source.small(content);
        } catch (CorruptContentException e) {
            damaged(call, e);
            return Optional.empty();
        }
    }
}
