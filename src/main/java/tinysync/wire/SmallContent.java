package tinysync.wire;

import tinysync.content.Chunking;
import tinysync.content.ContentRef;
import tinysync.content.Hash;

import java.util.Arrays;

/** Content that rides inside a commit: at most {@link Chunking#INLINE_MAX} bytes that never change, and their hash. */
public final class SmallContent {
    private final byte[] bytes;
    private final ContentRef ref;

    private SmallContent(byte[] bytes) {
        this.bytes = bytes;
        this.ref = new ContentRef(Hash.of(bytes), bytes.length);
    }

    /** A copy of {@code bytes}; more than fit inside a commit are refused with {@code limit_exceeded}. */
    public static SmallContent of(byte[] bytes) {
        if (bytes.length > Chunking.INLINE_MAX) {
            throw new Refusal(
                    ErrorCode.LIMIT_EXCEEDED, "content inside a commit is at most " + Chunking.INLINE_MAX + " bytes");
        }
        return new SmallContent(bytes.clone());
    }

    /** Content of one chunk: the id is the SHA-256 of the bytes. */
    public ContentRef ref() {
        return ref;
    }

    /** The bytes, in a new array. */
    public byte[] bytes() {
        return bytes.clone();
    }

    public int size() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SmallContent content && Arrays.equals(bytes, content.bytes);
    }

    @Override
    public int hashCode() {
        return ref.hashCode();
    }

    @Override
    public String toString() {
        return "content " + ref.id() + " of " + bytes.length + " bytes";
    }
}
