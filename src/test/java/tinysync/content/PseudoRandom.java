package tinysync.content;

/** Bytes that are the same on every run and every platform: xorshift64 of Marsaglia, one byte per step. */
final class PseudoRandom {

    private PseudoRandom() {}

    static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        long state = seed;
        for (int i = 0; i < length; i++) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            bytes[i] = (byte) (state >>> 32);
        }
        return bytes;
    }
}
