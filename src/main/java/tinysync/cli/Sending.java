package tinysync.cli;

import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.remote.SmallContents;
import tinysync.content.Chunk;
import tinysync.content.Chunking;
import tinysync.content.Content;
import tinysync.content.ContentReader;
import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.tree.VaultId;
import tinysync.wire.SmallContent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Sends the chunks of one content while they are cut, those that the server lacks. The first waits: it may be the only
 * one. For one thread.
 */
final class Sending {
    private static final long UPLOAD_AT_ONCE = 8 << 20;

    /** Carries what the server said out of the reading of a stream. */
    private static final class SendFailed extends IOException {
        private static final long serialVersionUID = 1L;

        SendFailed(RemoteException why) {
            super(why);
        }

        RemoteException why() {
            return (RemoteException) getCause();
        }
    }

    private record Waiting(Chunk chunk, ByteBuffer bytes) {}

    private final ServerApi api;
    private final VaultId vault;
    private final LongConsumer sent;
    private final List<Waiting> waiting = new ArrayList<>();
    private long waitingBytes;
    private long total;

    /**
     * @param sent is told how many bytes were read and are at the server
     */
    Sending(ServerApi api, VaultId vault, LongConsumer sent) {
        this.api = Objects.requireNonNull(api);
        this.vault = Objects.requireNonNull(vault);
        this.sent = Objects.requireNonNull(sent);
    }

    /** Reads to the end, sending meanwhile what is surely a chunk of many; {@link #finish} sends the rest. */
    Content read(InputStream in, Chunking chunking) throws RemoteException, IOException {
        try {
            return ContentReader.read(in, chunking, this::take);
        } catch (SendFailed failed) {
            throw failed.why();
        }
    }

    private void take(Chunk chunk, byte[] buffer, int offset) throws IOException {
        byte[] copy = new byte[chunk.length()];
        System.arraycopy(buffer, offset, copy, 0, copy.length);
        waiting.add(new Waiting(chunk, ByteBuffer.wrap(copy)));
        waitingBytes += copy.length;
        total += copy.length;
        if (waiting.size() > 1 && waitingBytes >= UPLOAD_AT_ONCE) {
            try {
                flush();
            } catch (RemoteException failed) {
                throw new SendFailed(failed);
            }
        }
    }

    private void flush() throws RemoteException {
        List<Hash> missing = api.missing(vault, waiting.stream().map(w -> w.chunk().hash()).distinct().toList());
        for (Waiting one : waiting) {
            if (missing.contains(one.chunk().hash())) {
                api.putChunk(vault, one.chunk().hash(), one.bytes().duplicate());
            }
        }
        waiting.clear();
        waitingBytes = 0;
        sent.accept(total);
    }

    /** What is to ride inside the commit. */
    SmallContents finish(Content content) throws RemoteException {
        switch (content) {
            case Content.Chunked(Manifest manifest) -> {
                flush();
                api.putManifest(vault, manifest);
                return SmallContents.NONE;
            }
            case Content.Single(ContentRef ref) -> {
                ByteBuffer bytes = waiting.isEmpty() ? ByteBuffer.allocate(0) : waiting.getFirst().bytes();
                sent.accept(total);
                if (ref.size() <= Chunking.INLINE_MAX) {
                    return asked -> asked.equals(ref) ? Optional.of(SmallContent.of(bytes.array())) : Optional.empty();
                }
                if (!api.missing(vault, List.of(ref.id())).isEmpty()) {
                    api.putContent(vault, ref.id(), bytes.duplicate());
                }
                return SmallContents.NONE;
            }
        }
    }
}
