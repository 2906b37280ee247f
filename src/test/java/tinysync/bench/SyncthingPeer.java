package tinysync.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Debian's syncthing: two nodes on loopback, watcher delay 1 s, nothing announced to anybody. */
final class SyncthingPeer implements Peer {
    private static final List<String> NODES = List.of("a", "b");

    private final List<Process> running = new ArrayList<>();
    private Path base;

    @Override
    public String name() {
        return "syncthing";
    }

    @Override
    public void start(Path folder) throws IOException, InterruptedException {
        base = folder;
        List<String> ids = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (String node : NODES) {
            Path home = base.resolve("home-" + node);
            Files.createDirectories(base.resolve(node));
            Processes.output(List.of("syncthing", "generate", "--home=" + home, "--no-default-folder"));
            ids.add(Processes.output(List.of("syncthing", "--home=" + home, "--device-id")));
            ports.add(Processes.freePort());
        }
        for (int n = 0; n < NODES.size(); n++) {
            Path home = base.resolve("home-" + NODES.get(n));
            Files.writeString(home.resolve("config.xml"), config(n, ids, ports));
            Path log = base.resolve("log-" + NODES.get(n));
            running.add(
                    Processes.start(
                            log,
                            List.of(
                                    "syncthing",
                                    "serve",
                                    "--home=" + home,
                                    "--no-browser",
                                    "--no-upgrade",
                                    "--no-restart")));
        }
        // At rest when a first file has come through.
        Files.writeString(a().resolve("first"), "first");
        Processes.await("syncthing's first file", () -> Files.exists(b().resolve("first")));
    }

    private String config(int self, List<String> ids, List<Integer> ports) throws IOException {
        StringBuilder devices = new StringBuilder();
        StringBuilder members = new StringBuilder();
        for (int n = 0; n < ids.size(); n++) {
            devices.append(
                    "<device id=\"%s\" name=\"%s\"><address>tcp://127.0.0.1:%d</address></device>"
                            .formatted(ids.get(n), NODES.get(n), ports.get(n)));
            members.append("<device id=\"%s\"/>".formatted(ids.get(n)));
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
                .formatted(base.resolve(NODES.get(self)), members, devices, Processes.freePort(), ports.get(self));
    }

    @Override
    public Path a() {
        return base.resolve("a");
    }

    @Override
    public Path b() {
        return base.resolve("b");
    }

    @Override
    public void close() {
        running.forEach(Processes::stop);
    }
}
