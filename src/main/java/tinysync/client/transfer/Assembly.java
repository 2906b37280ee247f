package tinysync.client.transfer;

import tinysync.client.folder.StagedFile;
import tinysync.client.remote.RemoteException;
import tinysync.content.Chunk;
import tinysync.content.Chunking;
import tinysync.content.ContentReader;
import tinysync.content.CorruptContentException;
import tinysync.content.Hash;
import tinysync.content.Manifest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Content that is put together from chunks: those that an earlier try has left in the stage, those that a file here
 * has, and the rest from the server. Whatever its origin, a chunk counts once its hash was compared. For one thread.
 */
final class Assembly {
    private final List<Chunk> chunks;
    private final StagedFile staged;
    private final long[] starts;
    private final Map<Hash, List<Integer>> places = new HashMap<>();
    private final BitSet done;

    /** Missing chunks, {@code first} to {@code last} (inclusive), that lie side by side. */
    record Run(int first, int last, long offset, long length) {}

    Assembly(Manifest manifest, StagedFile staged) {
        this.chunks = manifest.chunks();
        this.staged = staged;
        this.starts = new long[chunks.size()];
        this.done = new BitSet(chunks.size());
        long start = 0;
        for (int i = 0; i < chunks.size(); i++) {
            starts[i] = start;
            start += chunks.get(i).length();
            places.computeIfAbsent(chunks.get(i).hash(), hash -> new ArrayList<>(1)).add(i);
        }
    }

    boolean isComplete() {
        return done.cardinality() == chunks.size();
    }

    /** Keeps what an earlier try has staged and is right; a hole reads as zeros, which have another hash. */
    void keepStaged() throws IOException {
        long size = staged.size();
        for (int i = 0; i < chunks.size() && starts[i] + chunks.get(i).length() <= size; i++) {
            ByteBuffer bytes = ByteBuffer.allocate(chunks.get(i).length());
            int read = staged.readAt(starts[i], bytes);
            if (Hash.of(bytes.array(), 0, read).equals(chunks.get(i).hash())) {
                done.set(i);
            }
        }
    }

    /** Copies what is missing and {@code in} has. */
    void copyFrom(InputStream in, Chunking chunking) throws IOException {
        ContentReader.read(
                in, chunking, (chunk, buffer, offset) -> place(chunk, ByteBuffer.wrap(buffer, offset, chunk.length())));
    }

    /** The first missing chunks that lie side by side; empty when nothing is missing. */
    Optional<Run> nextRun() {
        int first = done.nextClearBit(0);
        if (first == chunks.size()) {
            return Optional.empty();
        }
        int end = done.nextSetBit(first);
        int last = (end < 0 ? chunks.size() : end) - 1;
        long length = starts[last] + chunks.get(last).length() - starts[first];
        return Optional.of(new Run(first, last, starts[first], length));
    }

    /**
     * Takes the chunks of a run from {@code in}, until one is wrong.
     *
     * @throws CorruptContentException at the first that is not what the manifest says; those before it are kept
     * @throws RemoteException when {@code in} fails
     */
    void take(Run run, InputStream in) throws IOException, RemoteException {
        for (int i = run.first(); i <= run.last(); i++) {
            Chunk chunk = chunks.get(i);
            byte[] bytes = read(in, chunk.length());
            if (!Hash.of(bytes).equals(chunk.hash())) {
                throw new CorruptContentException("the server sent other bytes than those of chunk " + chunk.hash());
            }
            place(chunk, ByteBuffer.wrap(bytes));
        }
    }

    private static byte[] read(InputStream in, int length) throws RemoteException {
        try {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new RemoteException.Unreachable("the content ended early");
            }
            return bytes;
        } catch (IOException broken) {
            throw new RemoteException.Unreachable(String.valueOf(broken.getMessage()), broken);
        }
    }

    /** To every place where it is missing: a chunk may occur again and again. */
    private void place(Chunk chunk, ByteBuffer bytes) throws IOException {
        for (int i : places.getOrDefault(chunk.hash(), List.of())) {
            if (!done.get(i) && chunks.get(i).length() == chunk.length()) {
                staged.writeAt(starts[i], bytes.duplicate());
                done.set(i);
            }
        }
    }
}
