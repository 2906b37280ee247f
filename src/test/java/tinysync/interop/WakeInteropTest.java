package tinysync.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import tinysync.platform.SystemClock;
import tinysync.server.RunningServer;
import tinysync.server.RunningServer.Device;
import tinysync.server.http.HttpTimes;
import tinysync.server.ws.WakeTimes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One life of the wake socket with all peers at once, over plain connections and over TLS: each peer comes in three
 * times on each, as a stranger, as a device that is revoked, and as one that stays until the server stops.
 */
class WakeInteropTest {
    /** Peers that answer no ping are taken for gone before this life is over. */
    private static final WakeTimes TIMES =
            new WakeTimes(
                    Duration.ofSeconds(10), Duration.ofMillis(200), Duration.ofMillis(5_000), Duration.ofSeconds(2));

    private static final String STRANGER = "tsdev_" + "0".repeat(32) + "_" + "0".repeat(64);

    @TempDir static Path folder;
    private static final Map<Peer.Kind, Peer> PEERS = new EnumMap<>(Peer.Kind.class);

    /** A server, and how its connections are called. */
    private record Site(String name, RunningServer server, Device owner, List<Device> leaving) {
        Site(String name, RunningServer server) throws Exception {
            this(name, server, server.join("owner"), new ArrayList<>());
        }

        void commit(String name) throws Exception {
            owner.commit(owner.folder(name));
        }

        void revokeLeavers() throws Exception {
            for (Device leaver : leaving) {
                owner.send("DELETE", "/v1/devices/" + leaver.token().device(), new JsonObject());
            }
        }

        List<Connection> connections(Peer.Kind kind) throws Exception {
            Device leaver = server.join("leaver of " + kind);
            Device stayer = server.join("stayer of " + kind);
            leaving.add(leaver);
            return List.of(
                    new Connection(name + "-stranger", server.server().wakeUrl(), STRANGER),
                    new Connection(name + "-leaver", server.server().wakeUrl(), leaver.token().format()),
                    new Connection(name + "-stayer", server.server().wakeUrl(), stayer.token().format()));
        }
    }

    @BeforeAll
    static void live() throws Exception {
        List<Site> sites = new ArrayList<>();
        try {
            Path data = folder.resolve("plain");
            sites.add(new Site("plain", RunningServer.start(data, HttpTimes.DEFAULT, TIMES)));
            sites.add(new Site("tls", RunningServer.startOverTls(folder.resolve("tls"), TIMES)));
            for (Peer.Kind kind : Peer.Kind.values()) {
                if (kind.missing().isEmpty()) {
                    List<Connection> connections = new ArrayList<>();
                    for (Site site : sites) {
                        connections.addAll(site.connections(kind));
                    }
                    PEERS.put(kind, kind.open(Files.createDirectory(folder.resolve(kind.name())), connections));
                }
            }
            live(sites);
        } finally {
            sites.forEach(site -> site.server().close());
        }
        await(sites, "-stayer close 1012");
    }

    private static void live(List<Site> sites) throws Exception {
        await(sites, "-stranger close 4401");
        await(sites, "-leaver head 0");
        await(sites, "-stayer head 0");
        for (Site site : sites) {
            site.commit("first");
        }
        await(sites, "-leaver head 1");
        await(sites, "-stayer head 1");
        for (Site site : sites) {
            site.revokeLeavers();
        }
        await(sites, "-leaver close 4403");
        new SystemClock().sleep(TIMES.silence().plus(Duration.ofMillis(500)));
        for (Site site : sites) {
            site.commit("second");
        }
        await(sites, "-stayer head 2");
    }

    private static void await(List<Site> sites, String event) throws InterruptedException {
        for (Site site : sites) {
            for (Peer peer : PEERS.values()) {
                peer.said().await(site.name() + event);
            }
        }
    }

    @AfterAll
    static void close() {
        PEERS.values().forEach(Peer::close);
    }

    @ParameterizedTest
    @EnumSource
    void aPeerIsWokenAndToldHowItEnds(Peer.Kind kind) {
        Assumptions.assumeTrue(
                PEERS.containsKey(kind), () -> kind + " cannot be tried; install " + kind.missing().orElse(""));
        for (String site : List.of("plain", "tls")) {
            Transcript said = PEERS.get(kind).said();
            assertEquals(List.of("protocol tinysync.v1", "error", "close 4401"), said.of(site + "-stranger"));
            List<String> woken = List.of("protocol tinysync.v1", "ready", "head 0", "head 1");
            assertEquals(joined(woken, "error", "close 4403"), said.of(site + "-leaver"));
            assertEquals(joined(woken, "head 2", "close 1012"), said.of(site + "-stayer"));
        }
    }

    private static List<String> joined(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return all;
    }
}
