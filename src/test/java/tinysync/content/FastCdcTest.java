package tinysync.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class FastCdcTest {

    private static final Chunking SMALL = new Chunking(1 << 10, 4 << 10, 16 << 10);

    /**
     * If this fails, existing vaults would be cut anew. The numbers come from a second program, in another language.
     */
    @Test
    void cutPointsNeverChange() {
        assertEquals(
                List.of(
                        4260, 8612, 13654, 18215, 21760, 26167, 28670, 32890, 37778, 41967, 43480, 47937, 52273, 58152,
                        60127, 64990, 65536),
                cuts(PseudoRandom.bytes(42, 64 << 10), SMALL));
        assertEquals(
                List.of(1081364, 2432541, 3854903, 5185334, 6322016, 7420954, 8388608),
                cuts(PseudoRandom.bytes(42, 8 << 20), Chunking.DEFAULT));
    }

    @Test
    void cutsAreThoseOfTheDefinition() {
        for (int seed = 1; seed <= 5; seed++) {
            byte[] bytes = PseudoRandom.bytes(seed, 100_000 + seed);
            assertEquals(cutsByDefinition(bytes, SMALL), cuts(bytes, SMALL), "seed " + seed);
        }
        Chunking tiny = new Chunking(64, 256, 1024);
        byte[] bytes = PseudoRandom.bytes(6, 20_000);
        assertEquals(cutsByDefinition(bytes, tiny), cuts(bytes, tiny));
        Chunking wide = new Chunking(64, 1 << 16, 1 << 18);
        byte[] longer = PseudoRandom.bytes(8, 500_000);
        assertEquals(cutsByDefinition(longer, wide), cuts(longer, wide));
    }

    @Test
    void aCutIsFoundAsSoonAsItsBytesAreThere() {
        byte[] bytes = PseudoRandom.bytes(9, 40_000);
        FastCdc cdc = new FastCdc(SMALL);
        int cut = cdc.cut(bytes, 100, bytes.length, true);
        for (int to = 101; to < cut; to++) {
            assertEquals(-1, cdc.cut(bytes, 100, to, false));
            assertEquals(to, cdc.cut(bytes, 100, to, true));
        }
        assertEquals(cut, cdc.cut(bytes, 100, cut, false));
        assertEquals(cut, cdc.cut(bytes, 100, cut + 1, false));
    }

    @Test
    void noBytesAreNoChunk() {
        FastCdc cdc = new FastCdc(SMALL);
        assertEquals(-1, cdc.cut(new byte[1], 1, 1, false));
        assertThrows(IllegalArgumentException.class, () -> cdc.cut(new byte[1], 1, 1, true));
        assertThrows(IndexOutOfBoundsException.class, () -> cdc.cut(new byte[1], 0, 2, true));
    }

    @Test
    void chunkingConstantsAreChecked() {
        for (int[] bad :
                new int[][] {{63, 128, 256}, {256, 128, 512}, {64, 512, 256}, {64, 129, 256}, {64, 128, 4194305}}) {
            assertThrows(
                    IllegalArgumentException.class, () -> new Chunking(bad[0], bad[1], bad[2]), Arrays.toString(bad));
        }
        assertEquals(new Chunking(262144, 1048576, 4194304), Chunking.DEFAULT);
    }

    private static List<Integer> cuts(byte[] bytes, Chunking chunking) {
        FastCdc cdc = new FastCdc(chunking);
        List<Integer> cuts = new ArrayList<>();
        for (int from = 0; from < bytes.length; from = cuts.getLast()) {
            cuts.add(cdc.cut(bytes, from, bytes.length, true));
        }
        return cuts;
    }

    /** The rules of the class comment, as slow and plain as they can be written. */
    private static List<Integer> cutsByDefinition(byte[] bytes, Chunking chunking) {
        List<Integer> cuts = new ArrayList<>();
        int from = 0;
        for (int end = 1; end <= bytes.length; end++) {
            int length = end - from;
            int average = Integer.numberOfTrailingZeros(chunking.average());
            int zeroBits = length < chunking.average() ? average + 2 : average - 2;
            boolean fits = length >= chunking.min() && gearHash(bytes, end) >>> (64 - zeroBits) == 0;
            if (fits || length == chunking.max() || end == bytes.length) {
                cuts.add(end);
                from = end;
            }
        }
        return cuts;
    }

    private static final long[] GEAR = new long[256];

    static {
        for (int i = 0; i < 256; i++) {
            byte[] digest = Hash.of(("tinysync-gear-1 " + i).getBytes(US_ASCII)).bytes();
            GEAR[i] = new BigInteger(1, Arrays.copyOf(digest, 8)).longValue();
        }
    }

    private static long gearHash(byte[] bytes, int end) {
        long hash = 0;
        for (int i = Math.max(0, end - 64); i < end; i++) {
            hash = (hash << 1) + GEAR[bytes[i] & 0xff];
        }
        return hash;
    }
}
