package tinysync.tree;

/** Lengths of text in UTF-8, without encoding it. */
final class Utf8 {

    private Utf8() {}

    /** Bytes of {@code text} in UTF-8. */
    static int length(String text) {
        return text.codePoints().map(Utf8::length).sum();
    }

    /** The longest beginning of {@code text} that has at most {@code bytesMax} bytes and splits no code point. */
    static String cut(String text, int bytesMax) {
        int bytes = 0;
        int end = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            bytes += length(codePoint);
            if (bytes > bytesMax) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return text.substring(0, end);
    }

    /** Whether a code point of a string is half of a pair, which UTF-8 cannot express. */
    static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static int length(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }
}
