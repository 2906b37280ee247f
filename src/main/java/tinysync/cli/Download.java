package tinysync.cli;

import tinysync.client.remote.RemoteException;
import tinysync.content.ContentRef;
import tinysync.platform.SystemRandom;
import tinysync.tree.Item;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Copies from a vault to this machine. For one thread. */
final class Download {
    private final VaultFiles files;
    private final Terminal terminal;
    private final SystemRandom random;
    private final Progress progress;

    Download(VaultFiles files, Terminal terminal, SystemRandom random, Progress progress) {
        this.files = Objects.requireNonNull(files);
        this.terminal = Objects.requireNonNull(terminal);
        this.random = Objects.requireNonNull(random);
        this.progress = Objects.requireNonNull(progress);
    }

    /** Into {@code target} under that name where that is a folder, else as {@code target}. */
    void get(Item item, String name, Path target) throws CommandFailure, RemoteException, IOException {
        Path to = Files.isDirectory(target) ? child(target, name) : target;
        if (to.getParent() != null && !Files.isDirectory(to.getParent())) {
            throw CommandFailure.failed("the folder " + to.getParent() + " does not exist: make it first");
        }
        List<Step> steps = new ArrayList<>();
        plan(item, to, steps);
        List<Step> contents = steps.stream().filter(step -> step.item().kind().isFile()).toList();
        progress.expect(contents.size(), contents.stream().mapToLong(step -> size(step.item())).sum());
        for (Step step : steps) {
            get(step.item(), step.to());
        }
    }

    private record Step(Item item, Path to) {}

    /** All that is to be copied, a folder before what is in it: so a name that cannot be is met before anything is. */
    private void plan(Item item, Path to, List<Step> steps) throws CommandFailure, RemoteException {
        steps.add(new Step(item, to));
        if (item.kind().isFolder()) {
            for (Item below : files.children(item.id())) {
                plan(below, child(to, below.name()), steps);
            }
        }
    }

    private static long size(Item item) {
        return item.content().map(ContentRef::size).orElse(0L);
    }

    private void get(Item item, Path to) throws RemoteException, IOException {
        if (item.kind().isFolder()) {
            if (!Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(to);
            }
        } else if (item.kind().isSymlink()) {
            link(Path.of(item.target().orElse("")), to);
        } else if (item.kind().isFile()) {
            file(item, to);
        } else {
            progress.close();
            terminal.warn("left out, a " + item.kind().wire() + " is nothing for a disk: " + to);
        }
    }

    /** A vault may hold names that mean something else on this disk. */
    private static Path child(Path folder, String name) throws CommandFailure {
        Path child = folder.resolve(name);
        if (name.contains("\\") && !DiskModes.SUPPORTED || !folder.equals(child.getParent())) {
            throw CommandFailure.failed("'" + name + "' cannot be a name on this disk");
        }
        return child;
    }

    private static void link(Path target, Path to) throws IOException {
        boolean same = Files.isSymbolicLink(to) && Files.readSymbolicLink(to).equals(target);
        if (!same) {
            Files.createSymbolicLink(to, target);
        }
    }

    /** Beside its place first, so that what was there stays until the new is whole. */
    private void file(Item item, Path to) throws RemoteException, IOException {
        Path part = to.resolveSibling("." + random.uuid() + ".part");
        try {
            try (OutputStream out = Files.newOutputStream(part)) {
                progress.next(item.name(), size(item));
                files.read(item, out, progress::at);
            }
            DiskModes.widen(part, item.mode());
            if (item.mtime().isPresent()) {
                Files.setLastModifiedTime(part, FileTime.from(item.mtime().get()));
            }
            Files.move(part, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
