package tinysync.client.watch;

import tinysync.client.engine.Slot;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Watches with what the JDK has, for systems without inotify. Folders are known by their paths. */
public final class JdkWatcher implements FolderWatcher {
    private static final long IDLE_MILLIS = 60_000;

    private final HoldBack<Slot> held;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Map<WatchKey, String> paths = new HashMap<>();
    private final Set<Slot> changed = new HashSet<>();
    private Path root;
    private Consumer<WatchSignal> consumer = _ -> {};
    private Optional<WatchService> service = Optional.empty();
    private Optional<Thread> thread = Optional.empty();
    private boolean full;

    public JdkWatcher(Path root, LongSupplier monotonicNanos) {
        this.root = Objects.requireNonNull(root);
        this.held = new HoldBack<>(monotonicNanos);
    }

    @Override
    public synchronized void start(Consumer<WatchSignal> toTell) throws IOException {
        if (service.isPresent()) {
            throw new IllegalStateException("started already");
        }
        consumer = toTell;
        // A link in the path is the person's own way to the folder; a walk would stop at it.
        root = root.toRealPath();
        WatchService opened = root.getFileSystem().newWatchService();
        service = Optional.of(opened);
        boolean started = false;
        try {
            addTree(opened, root);
            changed.clear();
            Thread running = Thread.ofPlatform().name("folder-watcher").daemon().unstarted(() -> run(opened));
            thread = Optional.of(running);
            running.start();
            started = true;
        } finally {
            if (!started) {
                opened.close();
            }
        }
    }

    private void run(WatchService opened) {
        try {
            while (!closing.get()) {
                long wait = held.untilDue(Duration.ofMillis(IDLE_MILLIS)).toMillis() + 1;
                Optional<WatchKey> key = Optional.ofNullable(opened.poll(wait, TimeUnit.MILLISECONDS));
                if (key.isPresent()) {
                    take(opened, key.get());
                }
                changed.addAll(held.takeDue());
                flush();
            }
        } catch (RuntimeException | InterruptedException ended) {
            if (!closing.get()) {
                System.getLogger(JdkWatcher.class.getName())
                        .log(System.Logger.Level.WARNING, "no longer watching for changes", ended);
                consumer.accept(new WatchSignal.Overflow());
            }
        }
    }

    private void take(WatchService opened, WatchKey key) {
        Optional<String> folder = Optional.ofNullable(paths.get(key));
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
                changed.clear();
                addTree(opened, root);
                changed.clear();
                consumer.accept(new WatchSignal.Overflow());
            } else if (folder.isPresent() && event.context() instanceof Path name) {
                takeEntry(opened, new Slot(folder.get(), name.toString()), event.kind());
            }
        }
        if (!key.reset()) {
            paths.remove(key);
            if (folder.filter(String::isEmpty).isPresent()) {
                consumer.accept(new WatchSignal.Overflow());
            }
        }
    }

    private void takeEntry(WatchService opened, Slot slot, WatchEvent.Kind<?> kind) {
        if (isOwn(slot)) {
            return;
        }
        Path entry = root.resolve(slot.path());
        if (kind == StandardWatchEventKinds.ENTRY_MODIFY) {
            held.hold(slot);
            return;
        }
        held.drop(slot);
        changed.add(slot);
        if (kind == StandardWatchEventKinds.ENTRY_DELETE) {
            cancelBelow(slot.path());
        } else if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            addTree(opened, entry);
        }
    }

    private static boolean isOwn(Slot slot) {
        return slot.folder().isEmpty() && slot.name().equals(WatchTree.OWN_FOLDER);
    }

    private void cancelBelow(String path) {
        paths.entrySet()
                .removeIf(
                        watched -> {
                            boolean below = (watched.getValue() + "/").startsWith(path + "/");
                            if (below) {
                                watched.getKey().cancel();
                            }
                            return below;
                        });
    }

    /** Watches a folder and all below, and tells what is in there: it may have been made before it was watched. */
    private void addTree(WatchService opened, Path top) {
        try {
            Files.walkFileTree(
                    top,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                            if (folder.equals(root.resolve(WatchTree.OWN_FOLDER))) {
                                return FileVisitResult.SKIP_SUBTREE;
                            }
                            tell(folder);
                            watch(opened, folder);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                            tell(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException vanishedOrUnreadable) {
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path folder, IOException vanishedOrUnreadable) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException failed) {
            System.getLogger(JdkWatcher.class.getName()).log(System.Logger.Level.DEBUG, "not watched: " + top, failed);
        }
    }

    private void tell(Path entry) {
        if (!entry.equals(root)) {
            String folder = relative(entry.getParent());
            changed.add(new Slot(folder, entry.getFileName().toString()));
        }
    }

    private String relative(Path path) {
        String separator = root.getFileSystem().getSeparator();
        return root.relativize(path).toString().replace(separator, "/");
    }

    private void watch(WatchService opened, Path folder) {
        try {
            WatchKey key =
                    folder.register(
                            opened,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_DELETE,
                            StandardWatchEventKinds.ENTRY_MODIFY);
            paths.put(key, relative(folder));
        } catch (IOException refused) {
            // Gone again, which will be told, unreadable, which its listing will show, or too many.
            if (!full && Files.isReadable(folder)) {
                full = true;
                consumer.accept(new WatchSignal.LimitReached(relative(folder)));
            }
        }
    }

    private void flush() {
        if (!changed.isEmpty()) {
            consumer.accept(new WatchSignal.Changed(changed));
            changed.clear();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (!closing.compareAndSet(false, true)) {
                return;
            }
            service.ifPresent(JdkWatcher::end);
        }
        try {
            if (thread.isPresent() && thread.get() != Thread.currentThread()) {
                thread.get().join();
            }
        } catch (InterruptedException interrupted) {
            // It ends by itself; who interrupted does not want to wait for it.
            Thread.currentThread().interrupt();
        }
    }

    private static void end(WatchService opened) {
        try {
            opened.close();
        } catch (IOException failed) {
            System.getLogger(JdkWatcher.class.getName()).log(System.Logger.Level.DEBUG, "close watches", failed);
        }
    }
}
