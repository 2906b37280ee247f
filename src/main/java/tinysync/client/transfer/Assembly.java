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
import java.util.Objects;

/**
 * Content that is put together from chunks: those that an earlier try has left in the stage, those that a file here
 * has, and the rest from the server. Whatever its origin, a chunk counts once its hash was compared. Several threads
 * may {@link #take} different runs; all else is for one thread.
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

    /** How much of it is not there yet; a hole that an earlier try left in the stage counts. */
    long missingBytes() {
        return missing(Long.MAX_VALUE).stream().mapToLong(Run::length).sum();
    }

    /** Keeps what an earlier try has staged and is right; a hole reads as zeros, which have another hash. */
    void keepStaged() throws IOException {
        long size = staged.size();
        ByteBuffer bytes = ByteBuffer.allocate(longest(chunks));
        for (int i = 0; i < chunks.size() && starts[i] + chunks.get(i).length() <= size; i++) {
            int read = staged.readAt(starts[i], bytes.clear().limit(chunks.get(i).length()));
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

    /** All that is missing, in order; what lies side by side is one run, or several of about {@code length} bytes. */
    List<Run> missing(long length) {
        List<Run> runs = new ArrayList<>();
        int first = done.nextClearBit(0);
        while (first < chunks.size()) {
            int last = first;
            while (last + 1 < chunks.size() && !done.get(last + 1) && end(last) - starts[first] < length) {
                last++;
            }
            runs.add(new Run(first, last, starts[first], end(last) - starts[first]));
            first = done.nextClearBit(last + 1);
        }
        return runs;
    }

    private long end(int chunk) {
        return starts[chunk] + chunks.get(chunk).length();
    }

    /**
     * Takes the chunks of a run from {@code in}, until one is wrong.
     *
     * @throws CorruptContentException at the first that is not what the manifest says; those before it are kept
     * @throws RemoteException when {@code in} fails
     */
    void take(Run run, InputStream in) throws IOException, RemoteException {
        List<Chunk> wanted = chunks.subList(run.first(), run.last() + 1);
        byte[] bytes = new byte[longest(wanted)];
        for (Chunk chunk : wanted) {
            read(in, bytes, chunk.length());
            if (!Hash.of(bytes, 0, chunk.length()).equals(chunk.hash())) {
                throw new CorruptContentException("the server sent other bytes than those of chunk " + chunk.hash());
            }
            place(chunk, ByteBuffer.wrap(bytes, 0, chunk.length()));
        }
    }

    private static int longest(List<Chunk> chunks) {
        return chunks.stream().mapToInt(Chunk::length).max().orElse(0);
    }

    private static void read(InputStream in, byte[] bytes, int length) throws RemoteException {
        try {
            if (in.readNBytes(bytes, 0, length) < length) {
                throw new RemoteException.Unreachable("the content ended early");
            }
        } catch (IOException broken) {
            throw new RemoteException.Unreachable(String.valueOf(broken.getMessage()), broken);
        }
    }

    /** To every place where it is missing: a chunk may occur again and again. */
    private void place(Chunk chunk, ByteBuffer bytes) throws IOException {
        for (int i : takePlaces(chunk.hash())) {
            if (isMissing(i) && chunks.get(i).length() == chunk.length()) {
                staged.writeAt(starts[i], bytes.duplicate());
                setDone(i);
            }
        }
    }

    /** Once only: a file of zeros has one chunk in a hundred thousand places, and comes by as often. */
    private synchronized List<Integer> takePlaces(Hash hash) {
        return Objects.requireNonNullElse(places.remove(hash), List.of());
    }

    private synchronized boolean isMissing(int chunk) {
        return !done.get(chunk);
    }

    private synchronized void setDone(int chunk) {
        done.set(chunk);
    }
}
