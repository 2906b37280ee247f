package tinysync.client.state;

import tinysync.platform.Errno;
import tinysync.platform.FsException;
import tinysync.platform.PrivateFiles;
import tinysync.wire.Refusal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The client's own folder, this user's alone:
 *
 * <pre>
 * identity.json          who this device is to each of its servers, see {@link Identity}; 0600
 * vaults/ATTACHMENT.db   a {@link StateStore} each
 * run/                   daemon.json and the socket
 * lock                   held by the daemon
 * </pre>
 *
 * <p>Thread-safe. Between processes only the daemon, or a command that holds {@link #lock} because none runs, writes.
 */
public final class Home {
    private static final String IDENTITY = "identity.json";

    private final Path path;

    private Home(Path path) {
        this.path = path;
    }

    /**
     * Where the home is when nobody says otherwise: {@code TINYSYNC_HOME}, else the custom of the platform.
     *
     * @param environment of this process
     * @param osName the system property {@code os.name}
     * @param userHome the system property {@code user.home}
     */
    public static Path defaultPath(Map<String, String> environment, String osName, Path userHome) {
        String os = osName.toLowerCase(Locale.ROOT);
        if (set(environment, "TINYSYNC_HOME").isPresent()) {
            return set(environment, "TINYSYNC_HOME").get().toAbsolutePath();
        }
        if (os.startsWith("mac")) {
            return userHome.resolve("Library/Application Support/tinysync");
        }
        if (os.startsWith("windows")) {
            return set(environment, "LOCALAPPDATA").orElse(userHome.resolve("AppData/Local")).resolve("tinysync");
        }
        // The XDG Base Directory Specification says that a relative path there is to be ignored.
        return set(environment, "XDG_DATA_HOME")
                .filter(Path::isAbsolute)
                .orElse(userHome.resolve(".local/share"))
                .resolve("tinysync");
    }

    private static Optional<Path> set(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty()).map(Path::of);
    }

    /** Makes the folders where they are missing, and takes away what rights others have in them. */
    public static Home open(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        Home home = new Home(absolute);
        makePrivate(absolute);
        makePrivate(home.vaults());
        makePrivate(home.run());
        return home;
    }

    private static void makePrivate(Path folder) throws IOException {
        PrivateFiles.createFolder(folder);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    public Path path() {
        return path;
    }

    /** Where the daemon's socket and {@code daemon.json} are; 0700. */
    public Path run() {
        return path.resolve("run");
    }

    /** The {@link StateStore} of an attachment. */
    public Path database(UUID attachment) {
        return vaults().resolve(attachment + ".db");
    }

    /**
     * Takes the right to be this home's daemon, until it is closed or the process ends.
     *
     * @throws HomeInUseException when another one has it
     */
    public PrivateFiles.Lock lock() throws IOException {
        try {
            return PrivateFiles.lockFile(path.resolve("lock"));
        } catch (FsException failed) {
            if (failed.errno() == Errno.EBUSY) {
                throw new HomeInUseException(path, failed);
            }
            throw failed;
        }
    }

    /**
     * Who this device is, to each server that it joined, in the order of joining; empty before it joined one.
     *
     * @throws BadIdentityException when the file is there but damaged, foreign, or of a newer program
     */
    public synchronized List<Identity> identities() throws IOException {
        Path file = identityFile();
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return distinct(IdentityCodec.decode(in.readNBytes(IdentityCodec.BYTES_MAX + 1)));
        } catch (NoSuchFileException absent) {
            return List.of();
        } catch (Refusal | IllegalArgumentException unusable) {
            throw new BadIdentityException(file, unusable.getMessage());
        }
    }

    private static List<Identity> distinct(List<Identity> identities) {
        Identity.requireDistinct(identities.stream().flatMap(one -> one.attachments().stream()).toList());
        if (identities.stream().map(Identity::serverId).distinct().count() < identities.size()) {
            throw new IllegalArgumentException("two identities are of the same server");
        }
        return identities;
    }

    /** This device at one server; that it joined is known only when the account is asked. */
    public Account account(UUID serverId) {
        return new Account(this, serverId);
    }

    /**
     * Adds an identity, or replaces the one at its server; durable when this returns.
     *
     * @throws IllegalArgumentException when the name of an attachment is another's already
     */
    public synchronized void save(Identity identity) throws IOException {
        List<Identity> all = new ArrayList<>(identities());
        int at = all.stream().map(Identity::serverId).toList().indexOf(identity.serverId());
        if (at < 0) {
            all.add(identity);
        } else {
            all.set(at, identity);
        }
        write(all);
    }

    /** Forgets who this device is to a server; what is known of its attachments is forgotten one by one. */
    public synchronized void leave(UUID serverId) throws IOException {
        List<Identity> left = identities().stream().filter(one -> !one.serverId().equals(serverId)).toList();
        if (left.isEmpty()) {
            Files.deleteIfExists(identityFile());
        } else {
            write(left);
        }
    }

    private void write(List<Identity> identities) throws IOException {
        PrivateFiles.writeAtomically(identityFile(), IdentityCodec.encode(distinct(identities)));
    }

    /** Removes what is known of an attachment, never a user's file. Its store must be closed. */
    public void forget(UUID attachment) throws IOException {
        DatabaseFiles.delete(database(attachment));
    }

    private Path identityFile() {
        return path.resolve(IDENTITY);
    }

    private Path vaults() {
        return path.resolve("vaults");
    }
}
