package tinysync.client;

import tinysync.client.engine.Engine;
import tinysync.client.engine.EngineOptions;
import tinysync.client.engine.EngineState;
import tinysync.client.engine.Event;
import tinysync.client.engine.Slot;
import tinysync.client.engine.StateChange;
import tinysync.client.engine.StatusView;
import tinysync.client.folder.Applier;
import tinysync.client.folder.Displaced;
import tinysync.client.folder.FileHasher;
import tinysync.client.folder.FolderLister;
import tinysync.client.folder.Root;
import tinysync.client.folder.Staging;
import tinysync.client.remote.ServerApi;
import tinysync.client.state.Attachment;
import tinysync.client.state.Identity;
import tinysync.client.state.StateStore;
import tinysync.client.transfer.Committer;
import tinysync.client.transfer.Downloader;
import tinysync.client.transfer.FetchQueue;
import tinysync.client.transfer.Puller;
import tinysync.client.transfer.TrafficMeter;
import tinysync.client.transfer.Uploader;
import tinysync.client.watch.FolderWatcher;
import tinysync.client.watch.WatchSignal;
import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.wire.PolicyView;
import tinysync.wire.Role;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One stretch of an attachment's life: an open root, an engine, and everything around it, from {@link #open} to {@link
 * #close}. {@link #run} is the loop's thread; the rest is thread-safe.
 */
final class AttachmentSession implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("tinysync.client");

    /** An unfinished download is worth being resumed for so long. */
    private static final Duration KEEP_PARTS = Duration.ofDays(7);

    /** One generation less than the marker's may be the end of the process between the two writes. */
    private static final long GENERATIONS_APART = 1;

    /** The rest is for the work itself, and for other attachments; more would only end in running out of memory. */
    private static final long TREE_BYTES_MAX = Runtime.getRuntime().maxMemory() / 4 * 3;

    private final AttachmentLoop loop;
    private final EffectWorkers workers;
    private final Deque<AutoCloseable> closing;

    private AttachmentSession(AttachmentLoop loop, EffectWorkers workers, Deque<AutoCloseable> closing) {
        this.loop = loop;
        this.workers = workers;
        this.closing = closing;
    }

    /** What a session is opened with. */
    private record Parts(Root root, Displaced displaced, Staging staging, ServerApi api) {}

    /**
     * @throws tinysync.client.folder.UnusableRootException when the folder is not there, or not this attachment's
     */
    static AttachmentSession open(
            Attachment attachment,
            Surroundings around,
            PolicyView policy,
            StateStore store,
            EngineState loaded,
            TrafficMeter traffic,
            Signal changed,
            FolderPorts.Teller teller)
            throws IOException {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        boolean done = false;
        try {
            Root root = Root.open(attachment.path(), attachment.vault(), attachment.id().toString());
            opened.push(root);
            EngineState state = withGeneration(root, store, loaded);
            opened.push(() -> advanceAtEnd(root, store));
            Identity identity = around.identity().get();
            Engine engine =
                    new Engine(
                            options(attachment, identity, policy, around),
                            state,
                            around.random()::uuid,
                            around.clock().now());
            // The identity counts: it may have been told while nobody ran, and survives the loss of the state.
            Event.Order order = attachment.paused() ? Event.Order.PAUSE : Event.Order.RESUME;
            engine.handle(new Event.Command(order), around.clock().now());
            AttachmentLoop loop =
                    new AttachmentLoop(Control.of(engine), store::apply, view -> changed.raise(), around.clock()::now);
            Parts parts =
                    new Parts(
                            root,
                            new Displaced(root, identity.deviceName()),
                            new Staging(root),
                            new ServerApi(around.server(), traffic));
            opened.push(parts.api());
            parts.staging().recover(around.clock().now(), KEEP_PARTS);
            List<Slot> returned =
                    parts.displaced().recover(around.clock().now(), policy.chunking(), known(state)::contains);
            RootWatch rootWatch = new RootWatch(root, loop::post, loop::stop);
            FolderPorts ports = ports(attachment, around, policy, parts, loop, teller, rootWatch, opened);
            EffectWorkers workers = new EffectWorkers(attachment.name(), ports, loop::post);
            opened.push(workers);
            watchFolder(attachment, around, root, loop, opened);
            if (!returned.isEmpty()) {
                loop.post(new Event.Displaced(returned));
            }
            rootWatch.start();
            opened.push(rootWatch);
            opened.push(around.connection().listen(attachment.vault(), loop::post));
            done = true;
            return new AttachmentSession(loop, workers, opened);
        } finally {
            if (!done) {
                closeAll(opened);
            }
        }
    }

    private static EngineOptions options(
            Attachment attachment, Identity identity, PolicyView policy, Surroundings around) {
        return new EngineOptions(
                attachment.vault(),
                attachment.root(),
                identity.device(),
                identity.deviceName(),
                !policy.exactNames(),
                attachment.role().includes(Role.WRITE),
                around.holdDeletes(),
                attachment.selection(),
                TREE_BYTES_MAX);
    }

    /**
     * Marker and state grow together, the marker first. A state that is older than the marker was restored from
     * somewhere, a marker that is older than the state came with a restored folder: what both agreed on last is not
     * what lies there, and a file that is missing was not deleted by anybody.
     */
    private static EngineState withGeneration(Root root, StateStore store, EngineState state) throws IOException {
        long ahead = root.generation() - store.generation().orElse(root.generation());
        boolean stateOld = ahead > GENERATIONS_APART;
        boolean folderOld = ahead < 0;
        if (stateOld) {
            LOG.log(Level.WARNING, "the state of " + root.path() + " is older than the folder: all is compared anew");
        }
        if (folderOld) {
            LOG.log(
                    Level.WARNING,
                    root.path() + " was restored from an earlier time: all is compared anew, and nothing is deleted");
        }
        if (stateOld || folderOld) {
            store.apply(
                    state.synced().stream().<StateChange>map(entry -> new StateChange.DropSynced(entry.id())).toList());
        }
        advance(root, store);
        return stateOld || folderOld ? store.load() : state;
    }

    private static void advance(Root root, StateStore store) throws IOException {
        root.advanceGeneration();
        store.setGeneration(root.generation());
    }

    /** So that a backup that was made meanwhile is older than what follows. */
    private static void advanceAtEnd(Root root, StateStore store) {
        try {
            advance(root, store);
        } catch (IOException failed) {
            LOG.log(Level.DEBUG, "the marker of " + root.path() + " is not advanced", failed);
        }
    }

    /** Contents of which the server has, or had, a copy. */
    private static Set<Hash> known(EngineState state) {
        Set<Hash> known = new HashSet<>();
        state.remote().forEach(item -> item.content().map(ContentRef::id).ifPresent(known::add));
        state.synced().forEach(entry -> entry.content().map(ContentRef::id).ifPresent(known::add));
        return known;
    }

    private static FolderPorts ports(
            Attachment attachment,
            Surroundings around,
            PolicyView policy,
            Parts parts,
            AttachmentLoop loop,
            FolderPorts.Teller teller,
            RootWatch rootWatch,
            Deque<AutoCloseable> opened) {
        Root root = parts.root();
        ServerApi api = parts.api();
        Downloader downloader = new Downloader(api, attachment.vault(), root, parts.staging(), policy.chunking());
        FetchQueue fetches = new FetchQueue(downloader, loop::post);
        opened.push(fetches);
        return new FolderPorts(
                policy.chunking(),
                new FolderLister(root),
                new FileHasher(root, around.clock()::now),
                new Applier(root, parts.displaced(), around.clock()::now),
                parts.displaced(),
                new Uploader(api, attachment.vault(), root, policy.chunking()),
                downloader,
                fetches,
                new Committer(
                        api,
                        attachment.vault(),
                        root,
                        () -> around.identity().get().instance().orElseThrow(),
                        around.connection()::doubtIdentity),
                new Puller(api, attachment.vault()),
                around.clock(),
                teller,
                rootWatch::look);
    }

    private static void watchFolder(
            Attachment attachment, Surroundings around, Root root, AttachmentLoop loop, Deque<AutoCloseable> opened) {
        FolderWatcher watcher = FolderWatcher.of(root.folder(), attachment.path(), around.clock()::monotonicNanos);
        opened.push(watcher);
        try {
            watcher.start(signal -> hear(attachment, signal, loop));
        } catch (IOException deaf) {
            LOG.log(
                    Level.WARNING,
                    "changes in " + root.path() + " are only found by regular rescans: " + deaf.getMessage());
        }
    }

    private static void hear(Attachment attachment, WatchSignal signal, AttachmentLoop loop) {
        switch (signal) {
            case WatchSignal.Changed(Set<Slot> entries) -> loop.post(new Event.Hint(entries));
            case WatchSignal.Overflow() -> loop.post(new Event.WatcherOverflowed());
            case WatchSignal.LimitReached(String path) ->
                    LOG.log(
                            Level.WARNING,
                            "the system allows no more watches: changes below "
                                    + attachment.path()
                                    + "/"
                                    + path
                                    + " and elsewhere are only found by regular rescans; raise"
                                    + " fs.inotify.max_user_watches");
        }
    }

    /** Until {@link #stop}, or until it cannot go on. */
    AttachmentLoop.Ending run() {
        return loop.run(workers::perform);
    }

    void stop() {
        loop.stop();
    }

    StatusView status() {
        return loop.status();
    }

    CompletableFuture<StatusView> order(Event.Order order) {
        return loop.ask(new Event.Command(order));
    }

    /** Closes everything in the reverse order of its opening: first whoever brings events, last the folder. */
    @Override
    public void close() {
        loop.stop();
        closeAll(closing);
    }

    private static void closeAll(Deque<AutoCloseable> opened) {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failed) {
                LOG.log(Level.WARNING, "while closing an attachment", failed);
            }
        }
    }
}
