package tinysync.content;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One pass over a stream that cuts it into chunks, hashes each, hands it on, and says at the end what the content is.
 *
 * <p>Memory is bounded by one longest chunk and one read, whatever the size; small content takes little. Where the
 * stream's reads happen to end has no influence on the result. The stream is read to its end and not closed.
 */
public final class ContentReader {

    /** Long reads keep the search for cuts in its fast loop; small content never needs them. */
    private static final int READ_BYTES = 256 << 10;

    private static final int FIRST_BUFFER_BYTES = 64 << 10;

    private final InputStream in;
    private final ChunkSink sink;
    private final Chunking chunking;
    private final FastCdc cdc;
    private final Hasher chunkHasher = new Hasher();
    private final List<Chunk> chunks = new ArrayList<>();

    /** Holds the bytes [0, filled) that belong to no chunk yet; no chunk ends at {@code searched} or before. */
    private byte[] buffer = new byte[FIRST_BUFFER_BYTES];

    private int filled;
    private int searched;

    private ContentReader(InputStream in, Chunking chunking, ChunkSink sink) {
        this.in = in;
        this.sink = sink;
        this.chunking = chunking;
        this.cdc = new FastCdc(chunking);
    }

    /** Reads {@code in} to its end. The sink gets every chunk; content without bytes has none. */
    public static Content read(InputStream in, Chunking chunking, ChunkSink sink) throws IOException {
        return new ContentReader(in, chunking, sink).readAll();
    }

    private Content readAll() throws IOException {
        boolean last = false;
        while (!last) {
            last = !fill();
            cutChunks(last);
        }
        return switch (chunks.size()) {
            case 0 -> new Content.Single(ContentRef.EMPTY);
            case 1 -> new Content.Single(new ContentRef(chunks.getFirst().hash(), chunks.getFirst().length()));
            default -> new Content.Chunked(Manifest.of(chunks));
        };
    }

    /**
     * Reads once; false at the end of the stream. Fewer than {@code max} bytes are held here, so there is always room.
     */
    private boolean fill() throws IOException {
        if (buffer.length - filled < FIRST_BUFFER_BYTES) {
            buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, chunking.max() + READ_BYTES));
        }
        int got = in.read(buffer, filled, Math.min(READ_BYTES, buffer.length - filled));
        if (got < 0) {
            return false;
        }
        filled += got;
        return true;
    }

    private void cutChunks(boolean last) throws IOException {
        int from = 0;
        while (from < filled) {
            int cut = cdc.resumeCut(buffer, from, Math.max(from, searched), filled, last);
            if (cut < 0) {
                break;
            }
            handOn(from, cut - from);
            from = cut;
        }
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, filled - from);
            filled -= from;
        }
        searched = filled;
    }

    private void handOn(int offset, int length) throws IOException {
        chunkHasher.update(buffer, offset, length);
        Chunk chunk = new Chunk(chunkHasher.finish(), length);
        chunks.add(chunk);
        sink.chunk(chunk, buffer, offset);
    }
}
