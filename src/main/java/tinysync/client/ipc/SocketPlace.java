package tinysync.client.ipc;

import com.eclipsesource.json.JsonObject;

import tinysync.content.Hash;
import tinysync.platform.PeerUid;
import tinysync.platform.PrivateFiles;
import tinysync.wire.Fields;
import tinysync.wire.Refusal;
import tinysync.wire.StrictJson;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the socket of a home is: {@code HOME/run/daemon.sock}; where that is longer than a socket's path may be, a
 * short path outside. The one in use is written in {@code HOME/run/daemon.json}, {@code {"socket":"…","pid":4711}}.
 */
public final class SocketPlace {
    /** The kernel takes 107 bytes, other systems 103, of which {@link IpcServer#open} needs three. */
    private static final int PATH_BYTES_MAX = 100;

    private static final int NAME_DIGITS = 16;
    private static final int JSON_MAX = 4_096;
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path run;

    /**
     * @param home the client's state folder; may be missing
     */
    public SocketPlace(Path home) {
        this.run = home.toAbsolutePath().normalize().resolve("run");
    }

    /**
     * Makes the folder (0700) and says where to listen.
     *
     * @param environment {@code XDG_RUNTIME_DIR} is asked where the home's path is too long
     */
    public Path prepare(Map<String, String> environment) throws IOException {
        PrivateFiles.createFolder(run);
        Path near = run.resolve("daemon.sock");
        if (bytes(near) <= PATH_BYTES_MAX) {
            return near;
        }
        String digits = Hash.of(near.toString().getBytes(StandardCharsets.UTF_8)).hex();
        Path far = shortFolder(environment).resolve("tinysync-" + digits.substring(0, NAME_DIGITS) + ".sock");
        if (bytes(far) > PATH_BYTES_MAX) {
            throw new IOException("the path of the home is too long for a socket: set XDG_RUNTIME_DIR to a short one");
        }
        return far;
    }

    private static Path shortFolder(Map<String, String> environment) throws IOException {
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (!runtime.isEmpty() && Files.isDirectory(Path.of(runtime))) {
            return Path.of(runtime);
        }
        Path own = Path.of(System.getProperty("java.io.tmpdir")).resolve("tinysync-" + System.getProperty("user.name"));
        PrivateFiles.createFolder(own);
        if (!isOurs(own)) {
            throw new IOException(own + " is not a folder of this user alone: remove it, or set XDG_RUNTIME_DIR");
        }
        return own;
    }

    /** Anyone may have made it before us, also as a link to somewhere else. */
    private static boolean isOurs(Path folder) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(PeerUid.own())
                && Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).equals(PRIVATE);
    }

    /** Tells others where the socket is. */
    public void announce(Path socket, long pid) throws IOException {
        JsonObject json = new JsonObject().add("socket", socket.toString()).add("pid", pid);
        PrivateFiles.writeAtomically(run.resolve("daemon.json"), StrictJson.utf8(json));
    }

    /** Where a daemon said that it listens; it may be gone by now. */
    public Optional<Path> announced() throws IOException {
        try {
            byte[] text = Files.readAllBytes(run.resolve("daemon.json"));
            return Fields.of(StrictJson.parseObject(text, JSON_MAX)).optText("socket").map(Path::of);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (Refusal damaged) {
            throw new IOException(run.resolve("daemon.json") + " is damaged: " + damaged.getMessage(), damaged);
        }
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
