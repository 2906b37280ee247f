package tinysync.server.blob;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import tinysync.content.Hash;
import tinysync.tree.VaultId;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Chunks as files, {@code FOLDER/VAULT/ab/abcd….chunk}, readable by the owner only. A chunk is written to {@code
 * FOLDER/tmp}, made durable, renamed into place, and then the folders above it are made durable; so a name never shows
 * a part of a chunk. One process at a time may use the folder.
 */
public final class FileBlobStore implements BlobStore {
    private static final Pattern KEY = Pattern.compile("[0-9a-f]{2}/[0-9a-f]{64}\\.chunk");
    private static final int BUFFER = 64 << 10;
    private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path folder;
    private final Path temporary;
    private final AtomicLong temporaryNames = new AtomicLong();

    /**
     * Folders whose own entries are known to be durable; one that is merely there may be another thread's, just made.
     */
    private final Set<Path> durableFolders = ConcurrentHashMap.newKeySet();

    private FileBlobStore(Path folder) {
        this.folder = folder;
        this.temporary = folder.resolve("tmp");
    }

    /** Opens the folder, makes it where it is missing, and removes what an earlier crash left half written. */
    public static FileBlobStore open(Path folder) throws IOException {
        FileBlobStore store = new FileBlobStore(folder.toAbsolutePath());
        store.makeFolder(store.temporary);
        store.removeTemporaryFiles();
        return store;
    }

    private void removeTemporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public String put(VaultId vault, Hash hash, ByteBuffer chunk) throws IOException {
        String hex = hash.hex();
        String key = hex.substring(0, 2) + "/" + hex + ".chunk";
        Path place = path(vault, key);
        if (holds(place, chunk)) {
            // The one who renamed it may not have come to make the folders durable yet.
            makeFolder(place.getParent());
            syncFolder(place.getParent());
            return key;
        }
        makeFolder(place.getParent());
        Path written = temporary.resolve(Long.toString(temporaryNames.incrementAndGet()));
        try {
            write(written, chunk.duplicate());
            Files.move(written, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            discard(written, e);
            throw e;
        }
        syncFolder(place.getParent());
        return key;
    }

    /** Whether the file is there, readable, and has just these bytes; what rotted is to be written anew. */
    private static boolean holds(Path file, ByteBuffer bytes) {
        ByteBuffer left = bytes.duplicate();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try (FileChannel channel = FileChannel.open(file, READ)) {
            boolean same = channel.size() == left.remaining();
            while (same && channel.read(buffer.clear()) > 0) {
                int got = buffer.flip().remaining();
                same = got <= left.remaining() && left.slice(left.position(), got).equals(buffer);
                left.position(same ? left.position() + got : left.position());
            }
            return same && !left.hasRemaining();
        } catch (IOException missingOrUnreadable) {
            return false;
        }
    }

    private static void write(Path file, ByteBuffer bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, Set.of(CREATE_NEW, WRITE), ownerOnly("rw-------"))) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static void discard(Path file, IOException thrown) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            thrown.addSuppressed(e);
        }
    }

    @Override
    public SeekableByteChannel open(VaultId vault, String key) throws IOException {
        return FileChannel.open(path(vault, key), READ);
    }

    @Override
    public void delete(VaultId vault, String key) throws IOException {
        Files.deleteIfExists(path(vault, key));
    }

    @Override
    public void dropVault(VaultId vault) throws IOException {
        Path root = folder.resolve(vault.toString());
        if (!Files.isDirectory(root)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(root)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
        durableFolders.removeIf(durable -> durable.startsWith(root));
    }

    /** Keys come back from a database; one that is not of our making opens nothing. */
    private Path path(VaultId vault, String key) throws NoSuchFileException {
        if (!KEY.matcher(key).matches()) {
            throw new NoSuchFileException(key, null, "not a key of this store");
        }
        return folder.resolve(vault.toString()).resolve(key);
    }

    /** Makes what is missing from the top down, each made durable in the one above. */
    private void makeFolder(Path wanted) throws IOException {
        if (durableFolders.contains(wanted)) {
            return;
        }
        Path parent = wanted.getParent();
        if (parent == null) {
            return;
        }
        if (!Files.isDirectory(wanted)) {
            makeFolder(parent);
            createFolder(wanted);
        }
        syncFolder(parent);
        durableFolders.add(wanted);
    }

    private static void createFolder(Path wanted) throws IOException {
        try {
            Files.createDirectory(wanted, ownerOnly("rwx------"));
        } catch (FileAlreadyExistsException raced) {
            if (!Files.isDirectory(wanted)) {
                throw raced;
            }
        }
    }

    private static FileAttribute<?>[] ownerOnly(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** Windows neither needs this nor lets a folder be opened. */
    private static void syncFolder(Path folder) throws IOException {
        if (POSIX) {
            try (FileChannel channel = FileChannel.open(folder, READ)) {
                channel.force(true);
            }
        }
    }
}
