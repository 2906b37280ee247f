package tinysync.client.transfer;

import tinysync.client.engine.Effect;
import tinysync.client.engine.Slot;
import tinysync.client.engine.TransferOutcome;
import tinysync.client.folder.Root;
import tinysync.client.folder.StagedFile;
import tinysync.client.folder.Staging;
import tinysync.client.remote.RemoteContent;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.content.Chunking;
import tinysync.content.ContentRef;
import tinysync.content.CorruptContentException;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.platform.Errno;
import tinysync.platform.FsException;
import tinysync.tree.VaultId;
import tinysync.wire.ErrorCode;
import tinysync.wire.FetchReader.Fetched;
import tinysync.wire.SmallContent;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

/**
 * Brings content into the staging area, verified. What is right of a broken download stays and is not fetched again,
 * nor is what an earlier version on this disk has. Thread-safe for different contents; a call blocks.
 */
public final class Downloader {
    private static final System.Logger LOG = System.getLogger(Downloader.class.getName());

    /** What a download leaves free on the disk, for everybody else. */
    private static final long SPARE_BYTES = 16L << 20;

    /** So many ranges of one content are on their way at once: while one is hashed and written, the other comes in. */
    private static final int RUNS_AT_ONCE = 2;

    /** A range is at least so long, and at least an eighth of the whole: each costs the server a look at all chunks. */
    private static final long RUN_MIN_BYTES = 16L << 20;

    private static final int RUNS_MAX = 8;

    /** Bytes that can be written to the disk of the root. */
    @FunctionalInterface
    interface FreeSpace {
        long bytes() throws IOException;
    }

    private final ServerApi api;
    private final VaultId vault;
    private final Root root;
    private final Staging staging;
    private final Chunking chunking;
    private final FreeSpace free;

    public Downloader(ServerApi api, VaultId vault, Root root, Staging staging, Chunking chunking) {
        this(api, vault, root, staging, chunking, () -> Files.getFileStore(root.path()).getUsableSpace());
    }

    Downloader(ServerApi api, VaultId vault, Root root, Staging staging, Chunking chunking, FreeSpace free) {
        this.api = Objects.requireNonNull(api);
        this.vault = Objects.requireNonNull(vault);
        this.root = Objects.requireNonNull(root);
        this.staging = Objects.requireNonNull(staging);
        this.chunking = Objects.requireNonNull(chunking);
        this.free = Objects.requireNonNull(free);
    }

    /** Whether content travels with others in one answer. */
    static boolean isSmall(ContentRef content) {
        return content.size() <= Chunking.INLINE_MAX;
    }

    /** Fetches one content of any size. */
    public TransferOutcome fetch(Effect.Fetch fetch) {
        try {
            if (!staging.isComplete(fetch.item(), fetch.content())) {
                bring(fetch);
            }
            return new TransferOutcome.Complete();
        } catch (RemoteException failed) {
            return Failures.of(failed);
        } catch (IOException failed) {
            return Failures.of(failed);
        } catch (InterruptedException stopped) {
            return Failures.interrupted();
        }
    }

    /**
     * Fetches small contents together, as many as one request takes.
     *
     * @param each is told of every one exactly once, as it comes in
     */
    void fetchSmall(List<Effect.Fetch> fetches, BiConsumer<Effect.Fetch, TransferOutcome> each) {
        Map<ContentRef, List<Effect.Fetch>> wanted = new HashMap<>();
        for (Effect.Fetch fetch : fetches) {
            wanted.computeIfAbsent(fetch.content(), c -> new ArrayList<>(1)).add(fetch);
        }
        answer(wanted, ContentRef.EMPTY, new byte[0], each);
        try {
            List<Hash> ids = wanted.keySet().stream().map(ContentRef::id).distinct().toList();
            if (!ids.isEmpty()) {
                api.fetchMany(
                        vault,
                        ids,
                        found -> {
                            if (found instanceof Fetched.Found(SmallContent content)) {
                                answer(wanted, content.ref(), content.bytes(), each);
                            }
                        });
            }
            fail(wanted, new TransferOutcome.Failed("content_missing", "the server does not have it", true), each);
        } catch (RemoteException.Refused refused) {
            if (isUnknownCall(refused)) {
                wanted.values().forEach(alike -> alike.forEach(one -> each.accept(one, fetch(one))));
            } else {
                fail(wanted, Failures.of(refused), each);
            }
        } catch (RemoteException failed) {
            fail(wanted, Failures.of(failed), each);
        }
    }

    /** A server that does not have the call for many (the feature {@code fetch}) still has that for one. */
    private static boolean isUnknownCall(RemoteException.Refused refused) {
        return refused.is(ErrorCode.NOT_FOUND)
                || refused.is(ErrorCode.METHOD_NOT_ALLOWED)
                || refused.is(ErrorCode.UNSUPPORTED_FEATURE);
    }

    private void answer(
            Map<ContentRef, List<Effect.Fetch>> wanted,
            ContentRef content,
            byte[] bytes,
            BiConsumer<Effect.Fetch, TransferOutcome> each) {
        List<Effect.Fetch> fetches = wanted.remove(content);
        if (fetches == null) {
            return;
        }
        for (Effect.Fetch fetch : fetches) {
            each.accept(fetch, stageSmall(fetch, bytes));
        }
    }

    private TransferOutcome stageSmall(Effect.Fetch fetch, byte[] bytes) {
        try {
            staging.stageSmall(fetch.item(), fetch.content(), bytes);
            return new TransferOutcome.Complete();
        } catch (FsException failed) {
            return Failures.of(failed);
        }
    }

    private static void fail(
            Map<ContentRef, List<Effect.Fetch>> wanted,
            TransferOutcome outcome,
            BiConsumer<Effect.Fetch, TransferOutcome> each) {
        wanted.values().forEach(fetches -> fetches.forEach(fetch -> each.accept(fetch, outcome)));
    }

    /** Gives up what is staged of a content that nobody wants any more. */
    public void drop(Effect.DropStaged drop) throws IOException {
        staging.drop(drop.item(), drop.content());
    }

    private void bring(Effect.Fetch fetch) throws IOException, RemoteException, InterruptedException {
        ContentRef content = fetch.content();
        Optional<Manifest> manifest = manifest(content);
        try (StagedFile staged = staging.stage(fetch.item(), content)) {
            if (manifest.isPresent()) {
                assemble(new Assembly(manifest.get(), staged), staged, content, fetch.like());
            } else {
                requireSpace(content.size());
                staged.writeAt(0, ByteBuffer.wrap(whole(content)));
            }
            staged.finish();
        }
    }

    /** The chunks, where there is more than one: an id does not tell whether it names bytes or a manifest. */
    private Optional<Manifest> manifest(ContentRef content) throws IOException, RemoteException {
        if (content.size() <= chunking.min()) {
            return Optional.empty();
        }
        try {
            Manifest manifest = api.manifest(vault, content.id());
            if (manifest.size() != content.size()) {
                throw new CorruptContentException("content " + content.id() + " has another size than was said");
            }
            return Optional.of(manifest);
        } catch (RemoteException.Refused refused) {
            boolean none = refused.is(ErrorCode.NOT_FOUND) || refused.is(ErrorCode.CONTENT_MISSING);
            if (none && content.size() <= chunking.max()) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private void assemble(Assembly assembly, StagedFile staged, ContentRef content, Optional<Slot> like)
            throws IOException, RemoteException, InterruptedException {
        assembly.keepStaged();
        requireSpace(assembly.missingBytes());
        if (like.isPresent() && !assembly.isComplete()) {
            copyFrom(assembly, like.get());
        }
        Queue<EarlyFlush> flushes = new ConcurrentLinkedQueue<>();
        try (Calls calls = new Calls(RUNS_AT_ONCE)) {
            for (Assembly.Run run : assembly.missing(Math.max(RUN_MIN_BYTES, content.size() / RUNS_MAX))) {
                calls.awaitFree();
                calls.begin(
                        () -> {
                            take(assembly, run, content.id());
                            if (run.length() >= RUN_MIN_BYTES && content.size() >= EarlyFlush.WORTH_BYTES) {
                                flushes.add(EarlyFlush.begin(staged::flush));
                            }
                        });
            }
            calls.finish();
        }
        for (EarlyFlush flush : flushes) {
            flush.await();
        }
        if (!assembly.isComplete()) {
            throw new IllegalStateException("chunks of " + content.id() + " were not fetched");
        }
    }

    private void take(Assembly assembly, Assembly.Run run, Hash id) throws IOException, RemoteException {
        try (RemoteContent bytes = api.content(vault, id, run.offset(), run.length())) {
            assembly.take(run, bytes);
        }
    }

    /** What cannot be read here is fetched instead; that this disk is full is another matter. */
    private void copyFrom(Assembly assembly, Slot like) throws IOException {
        try (Source source = Source.open(root, like)) {
            assembly.copyFrom(source.stream(), chunking);
        } catch (FsException unreadable) {
            LOG.log(Level.DEBUG, "an earlier version is of no help: " + unreadable.getMessage());
        }
    }

    /** Content of one chunk. */
    private byte[] whole(ContentRef content) throws IOException, RemoteException {
        if (content.size() > Chunking.MAX_CHUNK) {
            throw new CorruptContentException("content " + content.id() + " of one chunk is too long for one");
        }
        byte[] bytes = read(content);
        if (bytes.length != content.size() || !Hash.of(bytes).equals(content.id())) {
            throw new CorruptContentException("the server sent other bytes than those of " + content.id());
        }
        return bytes;
    }

    private byte[] read(ContentRef content) throws RemoteException {
        try (RemoteContent in = api.content(vault, content.id())) {
            return in.readNBytes((int) content.size() + 1);
        } catch (IOException broken) {
            throw new RemoteException.Unreachable(String.valueOf(broken.getMessage()), broken);
        }
    }

    private void requireSpace(long needed) throws IOException {
        if (needed > Chunking.INLINE_MAX && free.bytes() - SPARE_BYTES < needed) {
            throw new FsException(Errno.ENOSPC, "fetch " + needed + " bytes");
        }
    }
}
