package tinysync.client.transfer;

import tinysync.client.engine.Effect;
import tinysync.client.engine.TransferOutcome;
import tinysync.client.folder.Root;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.content.Chunk;
import tinysync.content.ChunkSink;
import tinysync.content.Chunking;
import tinysync.content.Content;
import tinysync.content.ContentReader;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.platform.FsException;
import tinysync.tree.VaultId;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Sends content that is too large to ride inside a commit. Of a file only those chunks are read that the server lacks,
 * and only what has the hash that it is named by is sent: so the server never gets a mixture of two versions, whoever
 * writes to the file meanwhile. Thread-safe; a call blocks.
 */
public final class Uploader {
    /** Chunks in memory and on their way, per upload. */
    private static final int CHUNKS_AT_ONCE = 6;

    /** Hashes in one question. */
    private static final int ASK_MAX = 1_000;

    private final ServerApi api;
    private final VaultId vault;
    private final Root root;
    private final Chunking chunking;

    public Uploader(ServerApi api, VaultId vault, Root root, Chunking chunking) {
        this.api = Objects.requireNonNull(api);
        this.vault = Objects.requireNonNull(vault);
        this.root = Objects.requireNonNull(root);
        this.chunking = Objects.requireNonNull(chunking);
    }

    /** Complete: the server has the content, durably, and a mutation may name it. */
    public TransferOutcome upload(Effect.Upload upload) {
        try {
            Hash id = upload.content().id();
            return missing(List.of(id)).isEmpty() ? new TransferOutcome.Complete() : send(upload);
        } catch (RemoteException failed) {
            return Failures.of(failed);
        } catch (FsException failed) {
            return Failures.ofSource(failed);
        } catch (IOException failed) {
            return Failures.of(failed);
        } catch (InterruptedException stopped) {
            return Failures.interrupted();
        }
    }

    private TransferOutcome send(Effect.Upload upload) throws IOException, RemoteException, InterruptedException {
        try (Source source = Source.open(root, upload.slot())) {
            if (!source.looksLike(upload.fingerprint())) {
                return new TransferOutcome.SourceChanged();
            }
            Content content = content(upload, source);
            if (!content.ref().equals(upload.content())) {
                return new TransferOutcome.SourceChanged();
            }
            // What the commit of it will wait for.
            Optional<EarlyFlush> flush =
                    content.ref().size() < EarlyFlush.WORTH_BYTES
                            ? Optional.empty()
                            : Optional.of(EarlyFlush.begin(source::flush));
            boolean sent =
                    switch (content) {
                        case Content.Single single -> sendSingle(source, single);
                        case Content.Chunked chunked -> sendChunks(source, chunked.manifest());
                    };
            if (!sent || !source.looksLike(upload.fingerprint())) {
                return new TransferOutcome.SourceChanged();
            }
            if (flush.isPresent()) {
                flush.get().await();
            }
            source.makeDurable();
            if (content instanceof Content.Chunked(Manifest manifest)) {
                api.putManifest(vault, manifest);
            }
            return new TransferOutcome.Complete();
        }
    }

    /** A manifest is known from hashing, unless the client was restarted since. */
    private Content content(Effect.Upload upload, Source source) throws IOException {
        return upload.manifest().isPresent()
                ? new Content.Chunked(upload.manifest().get())
                : ContentReader.read(source.stream(), chunking, ChunkSink.NONE);
    }

    private boolean sendSingle(Source source, Content.Single single) throws IOException, RemoteException {
        Hash id = single.ref().id();
        Optional<ByteBuffer> bytes = source.read(0, (int) single.ref().size(), id);
        if (bytes.isPresent()) {
            api.putContent(vault, id, bytes.get());
        }
        return bytes.isPresent();
    }

    private boolean sendChunks(Source source, Manifest manifest)
            throws IOException, RemoteException, InterruptedException {
        Set<Hash> missing = missing(manifest.chunks().stream().map(Chunk::hash).distinct().toList());
        try (Calls calls = new Calls(CHUNKS_AT_ONCE)) {
            long offset = 0;
            for (Chunk chunk : manifest.chunks()) {
                if (missing.remove(chunk.hash())) {
                    calls.awaitFree();
                    Optional<ByteBuffer> bytes = source.read(offset, chunk.length(), chunk.hash());
                    if (bytes.isEmpty()) {
                        return false;
                    }
                    calls.begin(() -> api.putChunk(vault, chunk.hash(), bytes.get()));
                }
                offset += chunk.length();
            }
            calls.finish();
        }
        return true;
    }

    private Set<Hash> missing(List<Hash> hashes) throws RemoteException {
        List<Hash> missing = new ArrayList<>();
        for (int from = 0; from < hashes.size(); from += ASK_MAX) {
            missing.addAll(api.missing(vault, hashes.subList(from, Math.min(hashes.size(), from + ASK_MAX))));
        }
        return new HashSet<>(missing);
    }
}
