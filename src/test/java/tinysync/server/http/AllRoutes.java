package tinysync.server.http;

import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.server.blob.FileBlobStore;
import tinysync.server.live.Access;
import tinysync.server.live.AccessWatch;
import tinysync.server.live.AttemptLimit;
import tinysync.server.live.Attempts;
import tinysync.server.live.HeadHub;
import tinysync.server.live.Metrics;
import tinysync.server.live.Origins;
import tinysync.server.live.Vaults;
import tinysync.server.store.MemoryStore;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** The table of routes, of a server that never runs. */
final class AllRoutes {
    private AllRoutes() {}

    /** Method and path of each, such as {@code GET /v1/vaults/{v}}. */
    static Set<String> names(Path folder) throws IOException {
        SystemClock clock = new SystemClock();
        SystemRandom random = new SystemRandom();
        AccessWatch watch = new AccessWatch();
        HeadHub hub = new HeadHub();
        Metrics metrics = new Metrics();
        try (MemoryStore store = new MemoryStore()) {
            Access access = new Access(store, clock, watch);
            HttpServices services =
                    new HttpServices(
                            store,
                            FileBlobStore.open(folder.resolve("no-blobs")),
                            access,
                            new Attempts(AttemptLimit.DEFAULT, clock::monotonicNanos, metrics),
                            Origins.DIRECT,
                            watch,
                            hub,
                            new Vaults(store, access, clock, random, hub, metrics),
                            metrics,
                            clock,
                            random,
                            folder,
                            () -> "");
            URI here = URI.create("http://drive");
            ServerFacts facts = new ServerFacts(new UUID(0, 0), "0", here, here, Optional.empty());
            return Routes.all(services, facts, new LongPolls(services)).stream()
                    .map(route -> route.method() + " " + route.path())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
