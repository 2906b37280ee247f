package tinysync.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

class ContentReaderTest {

    private static final Chunking SMALL = new Chunking(1 << 10, 4 << 10, 16 << 10);

    @Test
    void contentOfNoBytesHasNoChunk() throws IOException {
        Read read = read(new byte[0], Chunking.DEFAULT);
        assertEquals(new Content.Single(ContentRef.EMPTY), read.content);
        assertEquals(List.of(), read.chunks);
    }

    @Test
    void contentUpToTheShortestChunkIsNamedByItsBytes() throws IOException {
        for (int size : new int[] {1, 63, 64, SMALL.min() - 1, SMALL.min()}) {
            byte[] bytes = PseudoRandom.bytes(7, size);
            assertEquals(new Content.Single(new ContentRef(Hash.of(bytes), size)), read(bytes, SMALL).content);
        }
    }

    @Test
    void everySizeAroundTheLimitsIsCutWithinThem() throws IOException {
        for (Chunking chunking : List.of(SMALL, Chunking.DEFAULT)) {
            for (int limit : new int[] {chunking.min(), chunking.average(), chunking.max()}) {
                for (int size = limit - 1; size <= limit + 1; size++) {
                    checkChunks(PseudoRandom.bytes(size, size), chunking);
                }
            }
            checkChunks(PseudoRandom.bytes(5, 7 * chunking.average() + 13), chunking);
        }
    }

    @Test
    void contentWithoutAnyCutIsCutAtTheLongestChunk() throws IOException {
        byte[] zeros = new byte[2 * SMALL.max() + 1];
        assertEquals(List.of(SMALL.max(), SMALL.max(), 1), checkChunks(zeros, SMALL).lengths());
        byte[] one = new byte[SMALL.max()];
        assertInstanceOf(Content.Single.class, checkChunks(one, SMALL).content);
    }

    @Test
    void chunksDoNotDependOnHowTheBytesArrive() throws IOException {
        byte[] bytes = PseudoRandom.bytes(11, 300_000);
        Read whole = checkChunks(bytes, SMALL);
        for (int longest : new int[] {1, 2, 63, 64, 65, 1000, 8192, 100_000}) {
            Read pieces = read(new Trickle(bytes, longest), SMALL);
            assertEquals(whole.lengths(), pieces.lengths(), "reads of at most " + longest);
            assertEquals(whole.content.ref(), pieces.content.ref());
        }
    }

    @Test
    void insertionAtTheFrontChangesOnlyTheFirstChunks() throws IOException {
        byte[] bytes = PseudoRandom.bytes(13, 1 << 20);
        Set<Chunk> before = new HashSet<>(read(bytes, SMALL).chunks);
        for (int inserted : new int[] {1, 7, 64, 5000}) {
            byte[] longer = new byte[inserted + bytes.length];
            System.arraycopy(bytes, 0, longer, inserted, bytes.length);
            List<Chunk> after = new ArrayList<>(read(longer, SMALL).chunks);
            after.removeAll(before);
            assertTrue(after.size() <= 8, inserted + " bytes inserted change " + after.size() + " of " + before.size());
        }
    }

    @Test
    void mostChunksAreNearTheAverage() throws IOException {
        List<Integer> lengths = read(PseudoRandom.bytes(17, 4 << 20), SMALL).lengths();
        double mean = (4 << 20) / (double) lengths.size();
        assertTrue(mean > 0.75 * SMALL.average() && mean < 1.5 * SMALL.average(), "mean " + mean);
        long near = lengths.stream().filter(n -> n > SMALL.average() / 2 && n < SMALL.average() * 2).count();
        assertTrue(near > 0.8 * lengths.size(), near + " of " + lengths.size());
    }

    @Test
    void anExceptionOfTheSinkEndsTheReading() {
        ChunkSink full =
                (_, _, _) -> {
                    throw new IOException("disk full");
                };
        InputStream in = new ByteArrayInputStream(new byte[10]);
        assertEquals(
                "disk full", assertThrows(IOException.class, () -> ContentReader.read(in, SMALL, full)).getMessage());
    }

    private static Read checkChunks(byte[] bytes, Chunking chunking) throws IOException {
        Read read = read(bytes, chunking);
        assertArrayEquals(bytes, read.bytes.toByteArray());
        assertEquals(bytes.length, read.content.ref().size());
        for (int i = 0; i < read.chunks.size(); i++) {
            int length = read.chunks.get(i).length();
            assertTrue(length <= chunking.max());
            assertTrue(length >= chunking.min() || i == read.chunks.size() - 1);
        }
        switch (read.content) {
            case Content.Single(ContentRef ref) -> assertEquals(Hash.of(bytes), ref.id());
            case Content.Chunked(Manifest manifest) -> assertEquals(read.chunks, manifest.chunks());
        }
        return read;
    }

    private static Read read(byte[] bytes, Chunking chunking) throws IOException {
        return read(new ByteArrayInputStream(bytes), chunking);
    }

    private static Read read(InputStream in, Chunking chunking) throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Content content =
                ContentReader.read(
                        in,
                        chunking,
                        (chunk, buffer, offset) -> {
                            assertEquals(Hash.of(buffer, offset, chunk.length()), chunk.hash());
                            chunks.add(chunk);
                            bytes.write(buffer, offset, chunk.length());
                        });
        return new Read(content, chunks, bytes);
    }

    /** What a reading gave: its result, and what the sink got. */
    private record Read(Content content, List<Chunk> chunks, ByteArrayOutputStream bytes) {

        List<Integer> lengths() {
            return chunks.stream().map(Chunk::length).toList();
        }
    }

    /** Gives 1 … {@code longest} bytes per read. */
    private static final class Trickle extends ByteArrayInputStream {

        private final int longest;
        private final SplittableRandom random;

        Trickle(byte[] bytes, int longest) {
            super(bytes);
            this.longest = longest;
            this.random = new SplittableRandom(longest);
        }

        @Override
        public synchronized int read(byte[] buffer, int offset, int length) {
            return super.read(buffer, offset, Math.min(length, random.nextInt(1, longest + 1)));
        }
    }
}
