package tinysync.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class ManifestTest {

    private static final Chunk A = new Chunk(Hash.of("abc".getBytes(US_ASCII)), 3);
    private static final Chunk B = new Chunk(Hash.of("de".getBytes(US_ASCII)), 2);
    private static final Chunk C = new Chunk(Hash.of("fghi".getBytes(US_ASCII)), 4);
    private static final Manifest ABC = Manifest.of(List.of(A, B, C));

    /** The text was written, and its SHA-256 taken, with printf and sha256sum. */
    @Test
    void idIsTheHashOfTheCanonicalText() {
        Manifest manifest = new Manifest(5, List.of(A, B));
        assertEquals(
                """
                tinysync-manifest-1
                5
                ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 3
                959a45d44e6fcf58361ed004681556fe50129f2109e817dec098c00c9e5d2578 2
                """,
                manifest.canonicalText());
        assertEquals("7b959758565496ef47efc0d0e5a6ad31a8d05716723aa07a0712594a30943dd2", manifest.id().hex());
        assertEquals(new ContentRef(manifest.id(), 5), manifest.ref());
    }

    @Test
    void sizeMustBeTheSumOfTheChunks() {
        assertThrows(IllegalArgumentException.class, () -> new Manifest(8, List.of(A, B, C)));
        assertThrows(IllegalArgumentException.class, () -> new Manifest(10, List.of(A, B, C)));
        assertThrows(IllegalArgumentException.class, () -> new Manifest(-9, List.of(A, B, C)));
    }

    @Test
    void lessThanTwoChunksAreNoManifest() {
        assertThrows(IllegalArgumentException.class, () -> new Manifest(3, List.of(A)));
        assertThrows(IllegalArgumentException.class, () -> new Manifest(0, List.of()));
    }

    @Test
    void chunksHaveOneByteToFourMebibytes() {
        assertThrows(IllegalArgumentException.class, () -> new Chunk(A.hash(), 0));
        assertThrows(IllegalArgumentException.class, () -> new Chunk(A.hash(), -1));
        assertThrows(IllegalArgumentException.class, () -> new Chunk(A.hash(), 4194305));
        assertEquals(4194304, new Chunk(A.hash(), 4194304).length());
    }

    @Test
    void everyRangeIsCoveredByItsPiecesInOrder() {
        String content = "abcdefghi";
        Map<Chunk, String> texts = Map.of(A, "abc", B, "de", C, "fghi");
        for (int offset = 0; offset <= content.length(); offset++) {
            for (int length = 0; offset + length <= content.length(); length++) {
                StringBuilder covered = new StringBuilder();
                for (Manifest.Piece piece : ABC.covering(offset, length)) {
                    assertTrue(piece.length() > 0);
                    assertTrue(piece.from() + piece.length() <= piece.chunk().length());
                    String chunk = texts.get(piece.chunk());
                    covered.append(chunk, piece.from(), piece.from() + piece.length());
                }
                assertEquals(content.substring(offset, offset + length), covered.toString());
            }
        }
    }

    @Test
    void rangesOutsideAreRefused() {
        assertThrows(IndexOutOfBoundsException.class, () -> ABC.covering(0, 10));
        assertThrows(IndexOutOfBoundsException.class, () -> ABC.covering(-1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> ABC.covering(9, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> ABC.covering(1, Long.MAX_VALUE));
    }

    @Test
    void contentRefsHaveASizeThatJsonHoldsExactly() {
        assertEquals(0, ContentRef.EMPTY.size());
        assertThrows(IllegalArgumentException.class, () -> new ContentRef(A.hash(), -1));
        assertThrows(IllegalArgumentException.class, () -> new ContentRef(A.hash(), 1L << 53));
    }
}
