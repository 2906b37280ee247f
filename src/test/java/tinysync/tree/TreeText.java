package tinysync.tree;

import tinysync.content.ContentRef;
import tinysync.content.Hash;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Contents of tests: each is a short text, and can be told by it again. */
final class TreeText {
    private static final Map<ContentRef, String> LABELS = new ConcurrentHashMap<>();
    private static final Map<String, ContentRef> CONTENTS = new ConcurrentHashMap<>();

    private TreeText() {}

    static ContentRef content(String text) {
        return CONTENTS.computeIfAbsent(
                text,
                t -> {
                    byte[] bytes = t.getBytes(StandardCharsets.UTF_8);
                    ContentRef ref = new ContentRef(Hash.of(bytes), bytes.length);
                    LABELS.put(ref, t);
                    return ref;
                });
    }

    static String label(ContentRef content) {
        return LABELS.getOrDefault(content, content.toString());
    }
}
