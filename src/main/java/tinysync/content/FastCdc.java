package tinysync.content;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Objects;

/**
 * Finds where content is cut: FastCDC with normalized chunking at level 2 (W. Xia et al., "The Design of Fast
 * Content-Defined Chunking for Data Deduplication Based Storage Systems", IEEE TPDS 31(9), 2020). A cut lies where the
 * last {@value #WINDOW} bytes say so, hence an insertion moves only the cuts near it.
 *
 * <p>Everything here is part of the format, for devices that cut differently share no chunk:
 *
 * <ul>
 *   <li>The gear hash is {@code h = (h << 1) + GEAR[byte]}; a byte leaves it after 64 steps.
 *   <li>{@code GEAR[i]} is the first eight bytes, big-endian, of SHA-256 of the ASCII text {@code tinysync-gear-1 i}
 *       with {@code i} in decimal.
 *   <li>A chunk may end after a byte where the top {@code log2(average) + 2} bits of the hash are zero, while it is
 *       shorter than {@code average}, and {@code log2(average) - 2} bits from there on. The top bits are used since
 *       only they depend on the whole window.
 *   <li>Lengths below {@code min} are not looked at; unlike in the paper, the hash at {@code min} has already seen the
 *       64 bytes before it, so that a cut depends on these bytes alone and a search can resume anywhere.
 *   <li>At {@code max} the chunk ends whatever the hash says, and at the end of the content.
 * </ul>
 *
 * <p>Immutable.
 */
public final class FastCdc {

    /** How many bytes a cut depends on. */
    public static final int WINDOW = 64;

    private static final int NORMALIZATION_LEVEL = 2;
    private static final int LANES = 4;
    private static final int LANE_BYTES = 2048;
    private static final long[] GEAR = gear();

    private final Chunking chunking;
    private final long maskBeforeAverage;
    private final long maskFromAverage;

    public FastCdc(Chunking chunking) {
        this.chunking = chunking;
        int bits = Integer.numberOfTrailingZeros(chunking.average());
        this.maskBeforeAverage = topBits(bits + NORMALIZATION_LEVEL);
        this.maskFromAverage = topBits(bits - NORMALIZATION_LEVEL);
    }

    /**
     * Where the chunk that begins at {@code from} ends (exclusive), looking at the bytes before {@code to}; -1 if that
     * needs more bytes. {@code last} says that the content ends at {@code to}; a chunk needs at least one byte.
     */
    public int cut(byte[] buf, int from, int to, boolean last) {
        return resumeCut(buf, from, from, to, last);
    }

    /** As {@link #cut}, when it is known that the chunk does not end at {@code searched} or before. */
    int resumeCut(byte[] buf, int from, int searched, int to, boolean last) {
        Objects.checkFromToIndex(from, to, buf.length);
        int available = to - from;
        if (available == 0) {
            if (last) {
                throw new IllegalArgumentException("no bytes, no chunk");
            }
            return -1;
        }
        int end = from + Math.min(chunking.max(), available);
        if (available >= chunking.min()) {
            int firstEnd = Math.max(from + chunking.min(), searched + 1);
            int average = from + chunking.average();
            int cut = search(buf, firstEnd, Math.min(average, end + 1), maskBeforeAverage);
            if (cut < 0) {
                cut = search(buf, Math.max(firstEnd, average), end + 1, maskFromAverage);
            }
            if (cut >= 0) {
                return cut;
            }
        }
        return available >= chunking.max() || last ? end : -1;
    }

    /** The first end in [firstEnd, limit) after which the hash of the window fits the mask, or -1. */
    private static int search(byte[] buf, int firstEnd, int limit, long mask) {
        int end = firstEnd;
        while (limit - end >= LANES * LANE_BYTES && !anyInBlock(buf, end, mask)) {
            end += LANES * LANE_BYTES;
        }
        return searchOneByOne(buf, end, limit, mask);
    }

    private static int searchOneByOne(byte[] buf, int firstEnd, int limit, long mask) {
        if (firstEnd >= limit) {
            return -1;
        }
        long[] gear = GEAR;
        long hash = hashBefore(buf, firstEnd - 1);
        for (int i = firstEnd - 1; i < limit - 1; i++) {
            hash = (hash << 1) + gear[buf[i] & 0xff];
            if ((hash & mask) == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    /**
     * Whether any end in the block that begins with {@code firstEnd} fits the mask. One hash is a chain of additions
     * that keeps a processor waiting; four of them, a lane apart, run side by side and take a third of the time.
     */
    private static boolean anyInBlock(byte[] buf, int firstEnd, long mask) {
        long[] gear = GEAR;
        int start = firstEnd - 1;
        long hash0 = hashBefore(buf, start);
        long hash1 = hashBefore(buf, start + LANE_BYTES);
        long hash2 = hashBefore(buf, start + 2 * LANE_BYTES);
        long hash3 = hashBefore(buf, start + 3 * LANE_BYTES);
        for (int i = start; i < start + LANE_BYTES; i++) {
            hash0 = (hash0 << 1) + gear[buf[i] & 0xff];
            hash1 = (hash1 << 1) + gear[buf[i + LANE_BYTES] & 0xff];
            hash2 = (hash2 << 1) + gear[buf[i + 2 * LANE_BYTES] & 0xff];
            hash3 = (hash3 << 1) + gear[buf[i + 3 * LANE_BYTES] & 0xff];
            if ((hash0 & mask) == 0 || (hash1 & mask) == 0 || (hash2 & mask) == 0 || (hash3 & mask) == 0) {
                return true;
            }
        }
        return false;
    }

    /** The hash of all bytes of the window but its last, which is at {@code index}. */
    private static long hashBefore(byte[] buf, int index) {
        long hash = 0;
        for (int i = index - (WINDOW - 1); i < index; i++) {
            hash = (hash << 1) + GEAR[buf[i] & 0xff];
        }
        return hash;
    }

    private static long topBits(int count) {
        return -1L << (Long.SIZE - count);
    }

    private static long[] gear() {
        long[] gear = new long[256];
        for (int i = 0; i < gear.length; i++) {
            gear[i] = Hash.of(("tinysync-gear-1 " + i).getBytes(US_ASCII)).word0();
        }
        return gear;
    }
}
