package tinysync.cli;

import tinysync.client.folder.Root;
import tinysync.client.remote.RemoteException;
import tinysync.tree.Item;
import tinysync.tree.Mutation;
import tinysync.tree.Place;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Copies from this machine into a vault; what is there already and the same is left as it is. For one thread. */
final class Upload {
    private final VaultFiles files;
    private final Terminal terminal;
    private final Progress progress;

    Upload(VaultFiles files, Terminal terminal, Progress progress) {
        this.files = Objects.requireNonNull(files);
        this.terminal = Objects.requireNonNull(terminal);
        this.progress = Objects.requireNonNull(progress);
    }

    /** A stream as a file; reads it to its end. */
    void put(InputStream in, Item folder, String name) throws CommandFailure, RemoteException, IOException {
        Place place = new Place(folder.id(), VaultFiles.checked(name));
        files.put(place, files.child(folder, name), in, Optional.empty(), Optional.empty(), progress::at);
    }

    /** A file, a folder with all that is in it, or a link. */
    void put(Path from, Item folder, String name) throws CommandFailure, RemoteException, IOException {
        if (progress.isWatched()) {
            expect(from);
        }
        put(from, new Place(folder.id(), VaultFiles.checked(name)), files.child(folder, name));
    }

    private void put(Path from, Place place, Optional<Item> there) throws CommandFailure, RemoteException, IOException {
        if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
            putFolder(from, place, there);
        } else if (Files.isSymbolicLink(from)) {
            putLink(Files.readSymbolicLink(from).toString(), place, there);
        } else if (Files.isRegularFile(from)) {
            progress.next(place.name(), Files.size(from));
            Instant mtime = Files.getLastModifiedTime(from).toInstant();
            try (InputStream in = Files.newInputStream(from)) {
                files.put(place, there, in, DiskModes.of(from), Optional.of(mtime), progress::at);
            }
        } else {
            leaveOut("no file, folder or link", from);
        }
    }

    /** Only for the eye: what cannot be read is told of when its turn comes. */
    private void expect(Path from) throws IOException {
        Expected expected = new Expected();
        Files.walkFileTree(from, expected);
        progress.expect(expected.files, expected.bytes);
    }

    private static final class Expected extends SimpleFileVisitor<Path> {
        private long files;
        private long bytes;

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.endsWith(Root.OWN_FOLDER) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                files++;
                bytes += attributes.size();
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failed) {
            return FileVisitResult.CONTINUE;
        }
    }

    private void leaveOut(String why, Path path) {
        progress.close();
        terminal.warn("left out, " + why + ": " + path);
    }

    private void putFolder(Path from, Place place, Optional<Item> there)
            throws CommandFailure, RemoteException, IOException {
        Item folder = files.folder(place, there);
        // Looked up once: a look for each name would make a large folder a matter of its square.
        VaultFiles.Names names = files.names(folder);
        for (Path below : children(from)) {
            if (below.endsWith(Root.OWN_FOLDER)) {
                // Of a folder that is kept in sync: in a vault it would be taken for another one's.
                leaveOut("TinySync's own", below);
                continue;
            }
            String name = VaultFiles.checked(below.getFileName().toString());
            put(below, new Place(folder.id(), name), names.find(name));
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        }
    }

    private void putLink(String target, Place place, Optional<Item> there) throws CommandFailure, RemoteException {
        boolean same = there.filter(item -> item.target().equals(Optional.of(target))).isPresent();
        if (!same) {
            files.commit(new Mutation.CreateSymlink(files.newOp(), files.newItem(), place, target, Optional.empty()));
        }
    }
}
