package tinysync.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One server on its own data folder and port, and the devices that joined it. */
final class Drive implements AutoCloseable {
    private final Path base;
    private final List<String> flags;
    private final List<Device> devices = new ArrayList<>();
    private final String invite;
    private String listen = "127.0.0.1:0";
    private Program server;

    /**
     * Starts a new server; all that it and the devices keep lies below {@code base}.
     *
     * @param flags of the server, beside those that say where it is
     */
    Drive(Path base, String... flags) {
        this.base = base;
        this.flags = List.of(flags);
        startServer();
        this.invite = server.said("invite");
    }

    /** Starts the server again where it was. */
    void startServer() {
        List<String> command = new ArrayList<>(List.of("server", "--data", data().toString(), "--listen", listen));
        command.addAll(flags);
        server = Program.start(base.resolve("server.log"), command.toArray(String[]::new));
        listen = URI.create(server.said("ready")).getAuthority();
    }

    Path data() {
        return base.resolve("data");
    }

    Program server() {
        return server;
    }

    /** The invite into the default group that the server printed at its first start. */
    String invite() {
        return invite;
    }

    /** A new device that joined and whose daemon does not run yet. */
    Device join(String name) {
        Device device = new Device(base, name);
        devices.add(device);
        return device.join(invite);
    }

    /** Lets every device finish its work, and finds their folders alike. */
    void mustConverge(String when) {
        devices.forEach(Device::sync);
        // What the later ones brought must still reach the first.
        devices.forEach(Device::sync);
        FolderTree first = FolderTree.of(devices.getFirst().folder());
        for (Device other : devices) {
            Optional<String> difference = first.differenceTo(FolderTree.of(other.folder()));
            assertEquals(Optional.empty(), difference, other.name() + " differs " + when);
        }
    }

    /** Bytes over the wire, both ways and for all devices, since the server's last start. */
    long bytesMoved() {
        return metric("tinysync_http_received_bytes_total") + metric("tinysync_http_sent_bytes_total");
    }

    private long metric(String name) {
        try (InputStream in = URI.create(server.said("ready") + "/metrics").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no metric " + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        devices.forEach(Device::close);
        server.close();
    }
}
