package tinysync.client.engine;

import tinysync.content.ContentRef;
import tinysync.content.Hash;

import java.nio.charset.StandardCharsets;

/** The content of a symlink is its target. */
final class Links {
    private Links() {}

    static ContentRef content(String target) {
        byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
        return new ContentRef(Hash.of(bytes), bytes.length);
    }
}
