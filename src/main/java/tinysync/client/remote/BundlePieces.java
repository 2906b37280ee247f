package tinysync.client.remote;

import tinysync.content.ContentRef;
import tinysync.content.CorruptContentException;
import tinysync.tree.Mutation;
import tinysync.wire.BundleWriter;
import tinysync.wire.CommitHeader;
import tinysync.wire.SmallContent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A commit as a bundle that is written while it is sent: at any moment no more than a frame and its contents are in
 * memory. What goes wrong in reading the contents here is kept apart from what goes wrong in the network.
 */
final class BundlePieces implements Iterable<byte[]> {
    private final CommitHeader header;
    private final List<Mutation> mutations;
    private final SmallContents contents;
    private volatile Optional<IOException> fault = Optional.empty();

    BundlePieces(CommitHeader header, List<Mutation> mutations, SmallContents contents) {
        this.header = header;
        this.mutations = List.copyOf(mutations);
        this.contents = contents;
    }

    /** What went wrong in reading the contents. */
    Optional<IOException> fault() {
        return fault;
    }

    @Override
    public Iterator<byte[]> iterator() {
        return new Pieces();
    }

    private final class Pieces implements Iterator<byte[]> {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private final Iterator<Mutation> remaining = mutations.iterator();
        private Optional<BundleWriter> writer = Optional.empty();
        private boolean ended;

        @Override
        public boolean hasNext() {
            return !ended;
        }

        @Override
        public byte[] next() {
            if (ended) {
                throw new NoSuchElementException();
            }
            try {
                while (!ended && written.size() == 0) {
                    step();
                }
            } catch (IOException local) {
                fault = Optional.of(local);
                throw new UncheckedIOException(local);
            }
            byte[] piece = written.toByteArray();
            written.reset();
            return piece;
        }

        private void step() throws IOException {
            if (writer.isEmpty()) {
                writer = Optional.of(new BundleWriter(written, header));
            } else if (remaining.hasNext()) {
                write(writer.get(), remaining.next());
            } else {
                writer.get().end();
                ended = true;
            }
        }
    }

    private void write(BundleWriter writer, Mutation mutation) throws IOException {
        Optional<ContentRef> ref = content(mutation);
        Optional<SmallContent> bytes = ref.isEmpty() ? Optional.empty() : contents.get(ref.get());
        if (bytes.isEmpty()) {
            writer.add(mutation);
            return;
        }
        // Inside a bundle content is named by its bytes alone: other bytes would be taken for what was meant.
        if (!bytes.get().ref().equals(ref.get())) {
            throw new CorruptContentException("content " + ref.get().id() + " has other bytes by now");
        }
        writer.add(mutation, bytes.get());
    }

    private static Optional<ContentRef> content(Mutation mutation) {
        return switch (mutation) {
            case Mutation.PutFile m -> Optional.of(m.content());
            case Mutation.Restore m -> m.content();
            case Mutation.CreateFolder _,
                    Mutation.CreateSymlink _,
                    Mutation.MoveRename _,
                    Mutation.SetMetadata _,
                    Mutation.Delete _,
                    Mutation.DeleteSubtree _ ->
                    Optional.empty();
        };
    }
}
