package tinysync.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import tinysync.platform.Errno;
import tinysync.platform.FsException;
import tinysync.platform.PrivateFiles;
import tinysync.platform.SystemRandom;
import tinysync.server.core.Secrets;
import tinysync.wire.AdminToken;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of one server: {@code registry.db}, {@code vaults/}, {@code blobs/}, {@code tmp/} (emptied at each start),
 * {@code tls/} (where the server has a key of its own), {@code admin.token} (0600) and {@code lock}. Only one process
 * at a time may have it.
 */
final class DataFolder implements AutoCloseable {
    private static final int SECRET_BYTES = 32;

    private final Path folder;
    private final PrivateFiles.Lock lock;
    private final SystemRandom random;

    private DataFolder(Path folder, PrivateFiles.Lock lock, SystemRandom random) {
        this.folder = folder;
        this.lock = lock;
        this.random = random;
    }

    /**
     * @throws StartException when another server has it, or it cannot be used
     */
    static DataFolder open(Path folder, SystemRandom random) throws StartException {
        try {
            PrivateFiles.createFolder(folder);
            DataFolder opened = new DataFolder(folder, PrivateFiles.lockFile(folder.resolve("lock")), random);
            opened.emptySpillOrClose();
            return opened;
        } catch (FsException e) {
            if (e.errno() == Errno.EBUSY) {
                throw new StartException("the data folder " + folder + " is in use by another server", e);
            }
            throw new StartException("cannot use the data folder " + folder + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StartException("cannot use the data folder " + folder + ": " + e.getMessage(), e);
        }
    }

    private void emptySpillOrClose() throws IOException {
        try {
            emptySpill();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void emptySpill() throws IOException {
        PrivateFiles.createFolder(spill());
        try (Stream<Path> files = Files.list(spill())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    Path path() {
        return folder;
    }

    Path blobs() {
        return folder.resolve("blobs");
    }

    Path spill() {
        return folder.resolve("tmp");
    }

    Path tls() {
        return folder.resolve("tls");
    }

    private Path adminToken() {
        return folder.resolve("admin.token");
    }

    /**
     * The secret of the admin token in the file; empty where there is none that could be one. Who can write this folder
     * can write everything in it, so the file is what counts: removing it and starting again makes a new token.
     */
    Optional<String> adminSecret() throws StartException {
        try {
            if (!Files.exists(adminToken())) {
                return Optional.empty();
            }
            return AdminToken.tryParse(Files.readString(adminToken(), US_ASCII).strip()).map(AdminToken::secret);
        } catch (IOException e) {
            throw new StartException("cannot read " + adminToken() + ": " + e.getMessage(), e);
        }
    }

    /** Makes a new admin secret and puts its token into the file, durably. */
    String newAdminSecret() {
        String secret = HexFormat.of().formatHex(random.bytes(SECRET_BYTES));
        try {
            PrivateFiles.writeAtomically(adminToken(), (Secrets.adminToken(secret) + "\n").getBytes(US_ASCII));
            return secret;
        } catch (FsException e) {
            throw new UncheckedIOException("cannot write " + adminToken(), e);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (FsException e) {
            System.getLogger("tinysync.server")
                    .log(System.Logger.Level.WARNING, "giving back the data folder: {0}", e.getMessage());
        }
    }
}
