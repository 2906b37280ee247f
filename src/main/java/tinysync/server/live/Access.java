package tinysync.server.live;

import tinysync.platform.SystemClock;
import tinysync.server.core.AccessRules;
import tinysync.server.core.Author;
import tinysync.server.core.DeviceRow;
import tinysync.server.core.Principal;
import tinysync.server.core.Reach;
import tinysync.server.core.RegistryTx;
import tinysync.server.core.Store;
import tinysync.server.core.StoreException;
import tinysync.tree.DeviceId;
import tinysync.tree.VaultId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;
import tinysync.wire.Role;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Who may do what, as the registry says at the moment of asking; nothing is remembered between two questions. What is
 * not allowed throws {@link Refusal}. Thread-safe.
 */
public final class Access {
    private static final Duration TOUCH_EVERY = Duration.ofMinutes(10);
    private static final int TOUCHED_MAX = 100_000;

    private final Store store;
    private final SystemClock clock;
    private final AccessWatch watch;
    private final Map<DeviceId, Instant> touched = new ConcurrentHashMap<>();
    private final AtomicReference<Runnable> passThrough = new AtomicReference<>(() -> {});

    public Access(Store store, SystemClock clock, AccessWatch watch) {
        this.store = store;
        this.clock = clock;
        this.watch = watch;
    }

    /** What waits until no transaction runs that began before. */
    void passThrough(Runnable barrier) {
        passThrough.set(barrier);
    }

    /** Who holds this token, without {@code Bearer}. */
    public Principal authenticate(String token) {
        Principal who = store.registryRead(tx -> AccessRules.authenticate(tx, token));
        touch(who);
        return who;
    }

    /** Who holds this token, if their role in the vault includes {@code needed}. */
    public Principal authenticate(String token, VaultId vault, Role needed) {
        Principal who =
                store.registryRead(
                        tx -> {
                            Principal holder = AccessRules.authenticate(tx, token);
                            AccessRules.requireRole(tx, holder, vault, needed);
                            return holder;
                        });
        touch(who);
        return who;
    }

    private void touch(Principal who) {
        if (who instanceof Principal.Device device) {
            touch(device.id());
        }
    }

    private void touch(DeviceId device) {
        Instant now = clock.now();
        Instant before = touched.getOrDefault(device, Instant.MIN);
        if (before.isBefore(now.minus(TOUCH_EVERY))) {
            if (touched.size() > TOUCHED_MAX) {
                touched.clear();
            }
            touched.put(device, now);
            try {
                store.registry(
                        tx -> {
                            AccessRules.touch(tx, device, now);
                            return true;
                        });
            } catch (StoreException e) {
                // When a device was last seen is for people to look at; on a full disk it may still read.
                System.getLogger(Access.class.getName()).log(System.Logger.Level.WARNING, "a device was not noted", e);
            }
        }
    }

    /** The role in the vault, if it includes {@code needed}. */
    public Role require(Principal who, VaultId vault, Role needed) {
        return store.registryRead(
                tx -> {
                    standing(tx, who);
                    return AccessRules.requireRole(tx, who, vault, needed);
                });
    }

    /** All vaults that a device may reach; one that was revoked is refused. */
    public List<Reach> reach(DeviceId device) {
        return store.registryRead(
                tx -> {
                    standing(tx, new Principal.Device(device));
                    return AccessRules.reachable(tx, device);
                });
    }

    /** Refuses unless {@code instance} is the one that the device told of last. */
    public void checkInstance(DeviceId device, UUID instance) {
        store.registryRead(
                tx -> {
                    AccessRules.checkInstance(tx, device, instance);
                    return true;
                });
    }

    /** A device may have been revoked since its request began. */
    private static void standing(RegistryTx tx, Principal who) {
        if (who instanceof Principal.Device device) {
            Optional<DeviceRow> row = tx.device(device.id());
            if (row.isEmpty() || row.get().revoked()) {
                throw new Refusal(ErrorCode.DEVICE_REVOKED, "this device was revoked");
            }
        }
    }

    /** Who commits; to be asked under the vault's lock. */
    Author author(CommitBatch batch, VaultId vault) {
        return store.registryRead(
                tx -> {
                    Principal who = new Principal.Device(batch.device());
                    standing(tx, who);
                    batch.instance().ifPresent(instance -> AccessRules.checkInstance(tx, batch.device(), instance));
                    return new Author(batch.device(), AccessRules.requireRole(tx, who, vault, Role.READ));
                });
    }

    /** Runs {@code work} on one consistent state of the registry; it may not write. */
    public <T> T read(Function<RegistryTx, T> work) {
        return store.registryRead(work);
    }

    /** Runs {@code work} as one transaction that changes nothing of what anybody may do. */
    public <T> T write(Function<RegistryTx, T> work) {
        return store.registry(work);
    }

    /**
     * Runs {@code work} as one transaction that may change what somebody may do. When this returns, nobody can do any
     * more what was taken: every commit that was judged before has ended, and sockets were told.
     */
    public <T> T change(Function<RegistryTx, T> work) {
        T result = store.registry(work);
        watch.changed();
        passThrough.get().run();
        return result;
    }
}
