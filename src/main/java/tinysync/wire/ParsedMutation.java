package tinysync.wire;

import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.tree.Mutation;
import tinysync.tree.OpId;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * A mutation as it came in: complete, or with content that was only announced ({@code "inline":true} and its size) and
 * whose bytes follow in the bundle.
 */
public final class ParsedMutation {
    private final Mutation mutation;
    private final OptionalInt inlineSize;

    /** The content of {@code mutation} counts only where {@code inlineSize} is empty. */
    ParsedMutation(Mutation mutation, OptionalInt inlineSize) {
        this.mutation = Objects.requireNonNull(mutation);
        this.inlineSize = Objects.requireNonNull(inlineSize);
    }

    public OpId opId() {
        return mutation.opId();
    }

    /** How many bytes are to follow; empty when the mutation is complete. */
    public OptionalInt inlineSize() {
        return inlineSize;
    }

    /** The complete mutation; an IllegalStateException while its content is to follow. */
    public Mutation mutation() {
        if (inlineSize.isPresent()) {
            throw new IllegalStateException("the content of " + opId() + " is still to follow");
        }
        return mutation;
    }

    /** This mutation with the content that followed; one of another size is refused. */
    public Mutation with(SmallContent content) {
        if (inlineSize.isEmpty() || inlineSize.getAsInt() != content.size()) {
            throw Fields.badRequest("content of " + content.size() + " bytes does not belong to " + opId());
        }
        return MutationCodec.withContent(mutation, content.ref());
    }

    /** Stands for the content until it is known; never handed out. */
    static ContentRef placeholder(int size) {
        return new ContentRef(new Hash(0, 0, 0, 0), size);
    }
}
