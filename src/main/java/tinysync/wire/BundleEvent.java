package tinysync.wire;

import tinysync.tree.Mutation;

import java.util.List;
import java.util.Objects;

/** What a {@link BundleReader} finds, in this order: one header, any number of mutations and contents, one end. */
public sealed interface BundleEvent {
    record Header(CommitHeader header) implements BundleEvent {
        public Header {
            Objects.requireNonNull(header);
        }
    }

    /** The mutations of one frame; some may be waiting for their content. */
    record Mutations(List<ParsedMutation> mutations) implements BundleEvent {
        public Mutations {
            mutations = List.copyOf(mutations);
        }
    }

    /** The content of the earliest mutation that was still waiting for it, and that mutation, complete now. */
    record Content(Mutation mutation, SmallContent content) implements BundleEvent {
        public Content {
            Objects.requireNonNull(mutation);
            Objects.requireNonNull(content);
        }
    }

    /** The bundle is whole: it had this many mutations. */
    record End(long mutations) implements BundleEvent {}
}
