package tinysync.client.transfer;

import tinysync.client.engine.Effect;
import tinysync.client.engine.Event;
import tinysync.client.engine.Slot;
import tinysync.client.folder.Root;
import tinysync.client.remote.CommitReply;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.content.Chunking;
import tinysync.content.ContentRef;
import tinysync.platform.Dir;
import tinysync.platform.Errno;
import tinysync.platform.FsException;
import tinysync.tree.Mutation;
import tinysync.tree.OpId;
import tinysync.tree.VaultId;
import tinysync.wire.ErrorCode;
import tinysync.wire.SmallContent;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Sends mutations with the small contents that they name. What a person changed here is made durable on this disk
 * before the server hears of it: otherwise a power loss could take it back here, and look like the person's own doing.
 * Thread-safe; a call blocks. The small contents of one bundle are in memory meanwhile; the engine bounds them.
 */
public final class Committer {
    /**
     * From here on one flush of the whole file system costs less than one of each file. Below it, whoever else fills
     * the disk meanwhile does not hold up a single save.
     */
    private static final int SINGLY_MAX = 8;

    private final ServerApi api;
    private final VaultId vault;
    private final Root root;
    private final Supplier<UUID> instance;
    private final Runnable whenCloned;

    /**
     * What of a bundle can be sent.
     *
     * @param durable whether all that it tells of this disk is durable already
     */
    private record Ready(
            List<Mutation> mutations, Map<ContentRef, SmallContent> contents, Set<OpId> notSent, boolean durable) {}

    /**
     * @param instance of this run of the client, as the server knows it
     * @param whenCloned is run when the server says that a copy of this device has been there
     */
    public Committer(ServerApi api, VaultId vault, Root root, Supplier<UUID> instance, Runnable whenCloned) {
        this.api = Objects.requireNonNull(api);
        this.vault = Objects.requireNonNull(vault);
        this.root = Objects.requireNonNull(root);
        this.instance = Objects.requireNonNull(instance);
        this.whenCloned = Objects.requireNonNull(whenCloned);
    }

    /**
     * A mutation whose source has other bytes by now is not sent. When the disk cannot make the rest durable, nothing
     * is sent at all.
     */
    public Event.Committed commit(Effect.Commit commit) {
        Ready ready;
        try {
            ready = read(commit);
        } catch (FsException notDurable) {
            return failed(Set.of(), String.valueOf(notDurable.getMessage()));
        }
        return ready.mutations().isEmpty()
                ? new Event.Committed(List.of(), ready.notSent(), Optional.empty(), Optional.empty())
                : send(commit, ready);
    }

    private Event.Committed send(Effect.Commit commit, Ready ready) {
        try {
            if (!ready.durable() && ready.mutations().stream().anyMatch(Committer::showsLocalState)) {
                root.folder().syncFilesystem();
            }
            CommitReply reply =
                    api.commit(
                            vault,
                            commit.cursor(),
                            instance.get(),
                            ready.mutations(),
                            ref -> Optional.ofNullable(ready.contents().get(ref)));
            reply.broken().ifPresent(this::notice);
            return new Event.Committed(
                    reply.results(), ready.notSent(), reply.head(), reply.broken().map(Committer::text));
        } catch (FsException failed) {
            return failed(ready.notSent(), String.valueOf(failed.getMessage()));
        } catch (RemoteException failed) {
            notice(failed);
            return failed(ready.notSent(), text(failed));
        }
    }

    private void notice(RemoteException failed) {
        if (failed instanceof RemoteException.Refused refused && refused.is(ErrorCode.DEVICE_CLONED)) {
            whenCloned.run();
        }
    }

    private static Event.Committed failed(Set<OpId> notSent, String why) {
        return new Event.Committed(List.of(), notSent, Optional.empty(), Optional.of(why));
    }

    private static String text(RemoteException failed) {
        return switch (failed) {
            case RemoteException.Refused refused -> refused.code() + ": " + refused.getMessage();
            case RemoteException.Unreachable _, RemoteException.Garbled _ -> String.valueOf(failed.getMessage());
        };
    }

    private Ready read(Effect.Commit commit) throws FsException {
        List<Mutation> mutations = new ArrayList<>();
        Map<ContentRef, SmallContent> contents = new HashMap<>();
        Set<OpId> notSent = new HashSet<>();
        // Of a file both it and its name can be flushed alone: what lies above was told, and flushed, before it.
        boolean singly =
                commit.mutations().size() <= SINGLY_MAX
                        && commit.mutations().stream().allMatch(out -> out.source().isPresent());
        for (Effect.Commit.Outgoing outgoing : commit.mutations()) {
            Optional<ContentRef> named = content(outgoing.mutation()).filter(c -> outgoing.source().isPresent());
            Optional<SmallContent> bytes =
                    named.isEmpty() ? Optional.empty() : read(outgoing.source().get(), named.get(), singly);
            if (named.isPresent() && bytes.isEmpty()) {
                notSent.add(outgoing.mutation().opId());
            } else {
                bytes.ifPresent(content -> contents.put(content.ref(), content));
                mutations.add(outgoing.mutation());
            }
        }
        return new Ready(mutations, contents, notSent, singly);
    }

    /**
     * The bytes, if they still are those that are meant; why not makes no difference: the file is looked at again.
     *
     * @throws FsException when they are, but cannot be made durable
     */
    private Optional<SmallContent> read(Slot slot, ContentRef expected, boolean flush) throws FsException {
        if (expected.size() > Chunking.INLINE_MAX) {
            return Optional.empty();
        }
        Source source;
        try {
            source = Source.open(root, slot);
        } catch (FsException notOpened) {
            return notOpened.errno() == Errno.ELOOP ? readLink(slot, expected, flush) : Optional.empty();
        }
        try (source) {
            Optional<SmallContent> bytes = read(source, expected);
            if (bytes.isPresent() && flush) {
                source.flushWithName();
            } else if (bytes.isPresent()) {
                source.makeDurable();
            }
            return bytes;
        }
    }

    private static Optional<SmallContent> read(Source source, ContentRef expected) {
        try {
            // One byte of a longer file is enough to see that it is longer.
            Optional<ByteBuffer> bytes =
                    source.size() == expected.size()
                            ? source.read(0, (int) expected.size(), expected.id())
                            : Optional.empty();
            return bytes.map(buffer -> SmallContent.of(buffer.array()));
        } catch (FsException unreadable) {
            return Optional.empty();
        }
    }

    /** The content of a symlink is its target; a link is never followed, so opening it says that it is one. */
    private Optional<SmallContent> readLink(Slot slot, ContentRef expected, boolean flush) throws FsException {
        SmallContent target;
        try (Dir folder = root.folder().resolve(slot.folder())) {
            target = SmallContent.of(folder.readlink(slot.name()).getBytes(StandardCharsets.UTF_8));
        } catch (FsException unreadable) {
            return Optional.empty();
        }
        if (flush) {
            // What a link itself is, no flush of a file or folder covers on every file system.
            root.folder().syncFilesystem();
        }
        return Optional.of(target).filter(content -> content.ref().equals(expected));
    }

    private static Optional<ContentRef> content(Mutation mutation) {
        return switch (mutation) {
            case Mutation.PutFile put -> Optional.of(put.content());
            case Mutation.Restore restore -> restore.content();
            case Mutation.CreateFolder _,
                    Mutation.CreateSymlink _,
                    Mutation.MoveRename _,
                    Mutation.SetMetadata _,
                    Mutation.Delete _,
                    Mutation.DeleteSubtree _ ->
                    Optional.empty();
        };
    }

    /** A deletion that a power loss takes back only makes the file live again. */
    private static boolean showsLocalState(Mutation mutation) {
        return switch (mutation) {
            case Mutation.CreateFolder _,
                    Mutation.PutFile _,
                    Mutation.CreateSymlink _,
                    Mutation.MoveRename _,
                    Mutation.SetMetadata _,
                    Mutation.Restore _ ->
                    true;
            case Mutation.Delete _, Mutation.DeleteSubtree _ -> false;
        };
    }
}
