package tinysync.server.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.content.Hash;
import tinysync.tree.VaultId;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

class FileBlobStoreTest {
    private static final VaultId VAULT = new VaultId(new UUID(1, 1));
    private static final VaultId OTHER = new VaultId(new UUID(1, 2));
    private static final byte[] BYTES = "some bytes".getBytes(UTF_8);
    private static final Hash HASH = Hash.of(BYTES);

    @TempDir Path folder;

    private static byte[] read(BlobStore store, String key) throws IOException {
        try (InputStream in = Channels.newInputStream(store.open(VAULT, key))) {
            return in.readAllBytes();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void whatWasPutIsReadAlsoAfterOpeningAgain() throws IOException {
        ByteBuffer chunk = ByteBuffer.wrap(BYTES);
        String key = FileBlobStore.open(folder).put(VAULT, HASH, chunk);
        assertEquals(BYTES.length, chunk.remaining());
        assertArrayEquals(BYTES, read(FileBlobStore.open(folder), key));
    }

    @Test
    void puttingTwiceKeepsOneFile() throws IOException {
        BlobStore store = FileBlobStore.open(folder);
        String key = store.put(VAULT, HASH, ByteBuffer.wrap(BYTES));
        assertEquals(key, store.put(VAULT, HASH, ByteBuffer.wrap(BYTES)));
        assertEquals(1, files().size());
    }

    @Test
    void aFileOfAnotherLengthIsReplaced() throws IOException {
        BlobStore store = FileBlobStore.open(folder);
        String key = store.put(VAULT, HASH, ByteBuffer.wrap(BYTES));
        Files.write(files().getFirst(), new byte[0]);
        store.put(VAULT, HASH, ByteBuffer.wrap(BYTES));
        assertArrayEquals(BYTES, read(store, key));
    }

    @Test
    void aRottenFileOfTheSameLengthIsReplaced() throws IOException {
        byte[] large = new byte[200_000];
        Hash hash = Hash.of(large);
        BlobStore store = FileBlobStore.open(folder);
        String key = store.put(VAULT, hash, ByteBuffer.wrap(large));
        for (int at : new int[] {0, 100_000, large.length - 1}) {
            byte[] rotten = large.clone();
            rotten[at] ^= 1;
            Files.write(files().getFirst(), rotten);
            assertEquals(key, store.put(VAULT, hash, ByteBuffer.wrap(large)));
            assertArrayEquals(large, Files.readAllBytes(files().getFirst()));
        }
        assertEquals(1, files().size());
    }

    @Test
    void goodBytesAreNotWrittenAgain() throws IOException {
        BlobStore store = FileBlobStore.open(folder);
        store.put(VAULT, HASH, ByteBuffer.wrap(BYTES));
        Object before = Files.readAttributes(files().getFirst(), BasicFileAttributes.class).fileKey();
        ByteBuffer inside = ByteBuffer.wrap("xsome bytesx".getBytes(UTF_8), 1, BYTES.length);
        store.put(VAULT, HASH, inside);
        assertEquals(before, Files.readAttributes(files().getFirst(), BasicFileAttributes.class).fileKey());
    }

    @Test
    void onlyTheOwnerMayLook() throws IOException {
        FileBlobStore.open(folder.resolve("blobs")).put(VAULT, HASH, ByteBuffer.wrap(BYTES));
        Path file = files().getFirst();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        for (Path up = file.getParent(); !up.equals(folder); up = up.getParent()) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(up)));
        }
    }

    @Test
    void whatACrashLeftHalfWrittenIsRemoved() throws IOException {
        FileBlobStore.open(folder);
        Path half = Files.write(folder.resolve("tmp/17"), BYTES);
        FileBlobStore.open(folder);
        assertFalse(Files.exists(half));
    }

    @Test
    void aPutThatFailsLeavesNothingHalfWritten() throws IOException {
        BlobStore store = FileBlobStore.open(folder);
        String key = HASH.hex().substring(0, 2) + "/" + HASH.hex() + ".chunk";
        Path inTheWay = folder.resolve(VAULT.toString()).resolve(key);
        Files.createDirectories(inTheWay.resolve("full"));
        assertThrows(IOException.class, () -> store.put(VAULT, HASH, ByteBuffer.wrap(BYTES)));
        assertEquals(List.of(), files());
    }

    @Test
    void deletedChunksAreGoneAndDeletingAgainIsNoError() throws IOException {
        BlobStore store = FileBlobStore.open(folder);
        String key = store.put(VAULT, HASH, ByteBuffer.wrap(BYTES));
        store.delete(VAULT, key);
        store.delete(VAULT, key);
        assertThrows(NoSuchFileException.class, () -> store.open(VAULT, key));
    }

    @Test
    void vaultsAreApart() throws IOException {
        BlobStore store = FileBlobStore.open(folder);
        String key = store.put(VAULT, HASH, ByteBuffer.wrap(BYTES));
        store.put(OTHER, HASH, ByteBuffer.wrap(BYTES));
        store.dropVault(OTHER);
        store.dropVault(OTHER);
        assertArrayEquals(BYTES, read(store, key));
        assertThrows(NoSuchFileException.class, () -> store.open(OTHER, key));
        assertEquals(key, store.put(OTHER, HASH, ByteBuffer.wrap(BYTES)));
        store.open(OTHER, key).close();
    }

    @Test
    void aKeyOfAnotherMakingOpensNothing() throws IOException {
        BlobStore store = FileBlobStore.open(folder);
        for (String key : List.of("", "../x", "ab/../../etc", "/etc/passwd", "ab/" + HASH.hex())) {
            assertThrows(NoSuchFileException.class, () -> store.open(VAULT, key));
        }
    }

    @Test
    void manyMayPutTheSameAtOnce() throws Exception {
        BlobStore store = FileBlobStore.open(folder);
        List<Future<String>> puts = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                puts.add(threads.submit(() -> store.put(VAULT, HASH, ByteBuffer.wrap(BYTES))));
            }
            for (Future<String> put : puts) {
                assertArrayEquals(BYTES, read(store, put.get()));
            }
        }
        assertEquals(1, files().size());
    }
}
