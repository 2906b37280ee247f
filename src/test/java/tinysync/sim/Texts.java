package tinysync.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import tinysync.content.ContentRef;
import tinysync.content.Hash;

import java.util.HashMap;
import java.util.Map;

/** Contents are short texts; one that begins with {@value #BIG} stands for content too large to travel in a commit. */
public final class Texts {
    public static final String BIG = "big ";
    private static final int BIG_SIZE = 100_000;

    private final Map<ContentRef, String> known = new HashMap<>();

    public static boolean isBig(String text) {
        return text.startsWith(BIG);
    }

    static long size(String text) {
        return isBig(text) ? BIG_SIZE + text.length() : text.getBytes(UTF_8).length;
    }

    /** The name of the content that this text stands for. */
    public ContentRef ref(String text) {
        ContentRef ref = new ContentRef(Hash.of(text.getBytes(UTF_8)), size(text));
        known.put(ref, text);
        return ref;
    }

    public String text(ContentRef ref) {
        String text = known.get(ref);
        if (text == null) {
            throw new AssertionError("content that nobody wrote: " + ref);
        }
        return text;
    }
}
