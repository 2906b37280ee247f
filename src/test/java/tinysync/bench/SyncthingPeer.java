package tinysync.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Debian's syncthing: two nodes on loopback, watcher delay 1 s, nothing announced to anybody. */
final class SyncthingPeer implements Peer {
    private final List<Process> running = new ArrayList<>();

    @Override
    public String name() {
        return "syncthing";
    }

    /**
     * @param port where it listens for the other
     */
    private record Node(Path folder, Path home, String id, int port) {
        static Node make(Path folder, Path home) throws IOException, InterruptedException {
            Processes.output(List.of("syncthing", "generate", "--home=" + home, "--no-default-folder"));
            String id = Processes.output(List.of("syncthing", "--home=" + home, "--device-id"));
            return new Node(folder, home, id, Processes.freePort());
        }

        List<String> command() {
            return List.of("syncthing", "serve", "--home=" + home, "--no-browser", "--no-upgrade", "--no-restart");
        }
    }

    @Override
    public void start(Sides sides, Path work) throws IOException, InterruptedException {
        List<Node> nodes =
                List.of(Node.make(sides.a(), work.resolve("home-a")), Node.make(sides.b(), work.resolve("home-b")));
        for (Node node : nodes) {
            Files.writeString(node.home().resolve("config.xml"), config(node, nodes));
            running.add(Processes.start(work.resolve("log"), node.command()));
        }
        // At rest when a first file has come through.
        Files.writeString(sides.a().resolve("first"), "first");
        Processes.await("syncthing's first file", () -> Files.exists(sides.b().resolve("first")));
    }

    private static String config(Node self, List<Node> nodes) throws IOException {
        StringBuilder devices = new StringBuilder();
        StringBuilder members = new StringBuilder();
        for (Node node : nodes) {
            devices.append(
                    "<device id=\"%s\" name=\"bench\"><address>tcp://127.0.0.1:%d</address></device>"
                            .formatted(node.id(), node.port()));
            members.append("<device id=\"%s\"/>".formatted(node.id()));
        }
        return """
        <configuration version="36">
          <folder id="bench" path="%s" type="sendreceive" rescanIntervalS="3600" fsWatcherEnabled="true"
              fsWatcherDelayS="1">%s</folder>
          %s
          <gui enabled="true" tls="false"><address>127.0.0.1:%d</address><apikey>bench</apikey></gui>
          <options>
            <listenAddress>tcp://127.0.0.1:%d</listenAddress>
            <globalAnnounceEnabled>false</globalAnnounceEnabled>
            <localAnnounceEnabled>false</localAnnounceEnabled>
            <relaysEnabled>false</relaysEnabled>
            <natEnabled>false</natEnabled>
            <reconnectionIntervalS>1</reconnectionIntervalS>
            <startBrowser>false</startBrowser>
            <urAccepted>-1</urAccepted>
            <autoUpgradeIntervalH>0</autoUpgradeIntervalH>
            <crashReportingEnabled>false</crashReportingEnabled>
          </options>
        </configuration>
        """
                .formatted(self.folder(), members, devices, Processes.freePort(), self.port());
    }

    @Override
    public void close() {
        running.forEach(Processes::stop);
    }
}
