package tinysync.client.watch;

import tinysync.client.engine.Slot;
import tinysync.client.watch.WatchedFolder.Entry;
import tinysync.platform.Dir;
import tinysync.platform.FsException;
import tinysync.platform.Inotify;
import tinysync.platform.RawEvent;
import tinysync.platform.RawEvent.Flag;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Watches with the kernel's own events.
 *
 * <p>What an event says about a folder is never believed but looked up: the folder at that name, if there is one, is
 * watched (a folder that is watched already keeps its number, which tells that it was moved). So exchanges, moves of
 * moved folders and events that come late all end in the same state of affairs.
 */
public final class InotifyWatcher implements FolderWatcher {
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final int SIGNAL_ENTRIES_MAX = 4096;

    private final Dir root;
    private final HoldBack<Entry> held;
    private final HoldBack<Entry> unsettled;
    private final HoldBack<WatchedFolder> unwalked;
    private final HoldBack<WatchedFolder> astray;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Set<Entry> changed = new HashSet<>();
    private Consumer<WatchSignal> consumer = _ -> {};
    private Inotify inotify;
    private WatchTree tree;
    private Thread thread;

    /**
     * @param root must stay open until the watcher is closed
     */
    public InotifyWatcher(Dir root, LongSupplier monotonicNanos) {
        this.root = Objects.requireNonNull(root);
        this.held = new HoldBack<>(monotonicNanos);
        this.unsettled = new HoldBack<>(monotonicNanos);
        this.unwalked = new HoldBack<>(monotonicNanos);
        this.astray = new HoldBack<>(monotonicNanos);
    }

    @Override
    public synchronized void start(Consumer<WatchSignal> toTell) throws FsException {
        if (thread != null) {
            throw new IllegalStateException("started already");
        }
        consumer = toTell;
        inotify = Inotify.open();
        boolean started = false;
        try {
            tree = new WatchTree(root, inotify, limit -> consumer.accept(new WatchSignal.LimitReached(limit)));
            tree.addAll().forEach(unwalked::hold);
            thread = Thread.ofPlatform().name("folder-watcher").daemon().unstarted(this::run);
            thread.start();
            started = true;
        } finally {
            if (!started) {
                inotify.close();
            }
        }
    }

    private void run() {
        try {
            while (!closing.get()) {
                List<RawEvent> events = inotify.read(untilDue());
                if (closing.get()) {
                    return;
                }
                for (RawEvent event : events) {
                    take(event);
                }
                held.takeDue().forEach(this::tellIfInPlace);
                unsettled.takeDue().forEach(this::settleLate);
                unwalked.takeDue().forEach(this::walkLate);
                astray.takeDue().forEach(this::settleAstray);
                flush();
            }
        } catch (FsException | RuntimeException failed) {
            if (!closing.get()) {
                System.getLogger(InotifyWatcher.class.getName())
                        .log(System.Logger.Level.WARNING, "no longer watching for changes", failed);
                consumer.accept(new WatchSignal.LimitReached(""));
                consumer.accept(new WatchSignal.Overflow());
            }
        }
    }

    private Duration untilDue() {
        return Stream.of(held, unsettled, unwalked, astray)
                .map(waiting -> waiting.untilDue(IDLE))
                .min(Comparator.naturalOrder())
                .orElse(IDLE);
    }

    private void take(RawEvent event) throws FsException {
        if (event.is(Flag.OVERFLOW)) {
            startOver();
            return;
        }
        Optional<WatchedFolder> folder = tree.byWatch(event.watch());
        if (folder.isPresent()) {
            takeOf(folder.get(), event);
        } else if (!event.is(Flag.IGNORED)) {
            tree.ignore(event.watch());
        }
    }

    private void takeOf(WatchedFolder folder, RawEvent event) {
        boolean isRoot = folder == tree.root();
        if (event.is(Flag.IGNORED)) {
            tree.forget(folder);
        } else if (event.name().isEmpty()) {
            // A folder's own move, end or attributes are told by the folder above it; the root has none.
            if (isRoot && (event.is(Flag.MOVE_SELF) || event.is(Flag.DELETE_SELF) || event.is(Flag.UNMOUNT))) {
                consumer.accept(new WatchSignal.Overflow());
            }
        } else if (!tree.isOwn(folder, event.name())) {
            takeEntry(new Entry(folder, event.name()), event);
        }
    }

    private void takeEntry(Entry entry, RawEvent event) {
        if (event.is(Flag.IS_FOLDER)) {
            tell(entry);
            boolean placed =
                    event.is(Flag.CREATE)
                            || event.is(Flag.MOVED_TO)
                            || event.is(Flag.MOVED_FROM)
                            || event.is(Flag.DELETE);
            if (placed && !event.is(Flag.NAME_NOT_UTF8)) {
                settle(entry, false);
            }
        } else if (event.is(Flag.CREATE) || event.is(Flag.MODIFY) || event.is(Flag.ATTRIB)) {
            held.hold(entry);
        } else {
            held.drop(entry);
            tell(entry);
        }
    }

    private void settle(Entry entry, boolean late) {
        switch (tree.settle(entry.folder(), entry.name(), late, this::tell)) {
            case WatchTree.Settled.AsFound(List<WatchedFolder> lost, List<WatchedFolder> missed) -> {
                lost.forEach(astray::hold);
                missed.forEach(unwalked::hold);
            }
            case WatchTree.Settled.ParentMoved() -> {
                if (tree.knows(entry.folder())) {
                    unsettled.hold(entry);
                }
            }
        }
    }

    private void settleLate(Entry entry) {
        tellIfInPlace(entry);
        settle(entry, true);
    }

    private void walkLate(WatchedFolder folder) {
        if (tree.knows(folder)) {
            tree.walkAgain(folder, this::tell).forEach(unwalked::hold);
        }
    }

    /** A folder that left its place did not turn up in another for a while: it is out of the tree, or removed. */
    private void settleAstray(WatchedFolder folder) {
        if (!folder.isInPlace()) {
            tree.drop(folder);
        }
    }

    /** What waits speaks of the tree that was: taken up later, it would undo what is found now. */
    private void startOver() throws FsException {
        changed.clear();
        held.clear();
        unsettled.clear();
        unwalked.clear();
        astray.clear();
        tree.addAll().forEach(unwalked::hold);
        consumer.accept(new WatchSignal.Overflow());
    }

    private void tell(Entry entry) {
        changed.add(entry);
        if (changed.size() >= SIGNAL_ENTRIES_MAX) {
            flush();
        }
    }

    private void tellIfInPlace(Entry entry) {
        if (entry.folder().isInPlace()) {
            tell(entry);
        }
    }

    /**
     * By the paths of now: later events of the same batch may have said that a folder was moved, and nobody would look
     * at its old path. A folder may also be between two places: then its entries are told a little later.
     */
    private void flush() {
        Set<Slot> slots = new HashSet<>();
        for (Entry entry : changed) {
            if (entry.folder().isInPlace()) {
                slots.add(entry.slot());
            } else {
                held.hold(entry);
            }
        }
        changed.clear();
        if (!slots.isEmpty()) {
            consumer.accept(new WatchSignal.Changed(slots));
        }
    }

    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            if (!closing.compareAndSet(false, true) || inotify == null) {
                return;
            }
            inotify.close();
            running = thread;
        }
        if (running != null && running != Thread.currentThread()) {
            joinPatiently(running);
        }
    }

    private static void joinPatiently(Thread running) {
        try {
            running.join();
        } catch (InterruptedException interrupted) {
            // It ends by itself; who interrupted does not want to wait for it.
            Thread.currentThread().interrupt();
        }
    }
}
