package tinysync.server.live;

import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.server.core.Store;
import tinysync.server.core.VaultPolicy;
import tinysync.server.core.VaultRules;
import tinysync.tree.ItemId;
import tinysync.tree.VaultId;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The vaults that somebody asked for since the start. Thread-safe. */
public final class Vaults {
    private static final String HEAD_GAUGE = "tinysync_vault_head";
    private static final int TAG_BYTES = 8;

    private final Store store;
    private final Access access;
    private final SystemClock clock;
    private final SystemRandom random;
    private final HeadHub hub;
    private final Metrics metrics;
    private final Map<VaultId, VaultService> open = new ConcurrentHashMap<>();

    public Vaults(Store store, Access access, SystemClock clock, SystemRandom random, HeadHub hub, Metrics metrics) {
        this.store = store;
        this.access = access;
        this.clock = clock;
        this.random = random;
        this.hub = hub;
        this.metrics = metrics;
        access.passThrough(this::passThrough);
    }

    /** Makes the rows of a new vault; the registry is to name it afterwards. */
    public static void create(Store store, SystemRandom random, VaultId id, VaultPolicy policy) {
        store.vault(id).write(tx -> VaultRules.create(tx, new ItemId(random.uuid()), random.uuid(), policy));
    }

    /** The vault; the caller has made sure that the registry knows it. */
    public VaultService of(VaultId id) {
        return open.computeIfAbsent(id, this::start);
    }

    private VaultService start(VaultId id) {
        VaultService service =
                new VaultService(
                        id,
                        store.vault(id),
                        clock,
                        this::tag,
                        (batch, vault) -> access.author(batch, vault),
                        hub,
                        metrics);
        String labels = "{vault=\"" + id + "\"}";
        metrics.gauge(HEAD_GAUGE, "The seq of a vault's last event.", labels, () -> service.head().seq());
        return service;
    }

    private String tag() {
        return HexFormat.of().formatHex(random.bytes(TAG_BYTES));
    }

    /** When this returns, no transaction runs that may have read the registry before. */
    private void passThrough() {
        List.copyOf(open.values()).forEach(VaultService::passThrough);
    }

    /** Ends a vault's work and forgets its rows; the registry has forgotten it before. */
    public void drop(VaultId id, Duration patience) {
        VaultService service = open.remove(id);
        if (service != null) {
            service.close(patience);
        }
        metrics.removeGauge(HEAD_GAUGE, "{vault=\"" + id + "\"}");
        store.dropVault(id);
    }

    /** Finishes what runs, for at most {@code patience} each, and takes no more writes. */
    public void close(Duration patience) {
        List<Thread> closing =
                List.copyOf(open.values()).stream()
                        .map(service -> Thread.ofVirtual().start(() -> service.close(patience)))
                        .toList();
        try {
            for (Thread thread : closing) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
