package tinysync.server.live;

import tinysync.tree.Cursor;
import tinysync.tree.VaultId;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells who listens that a vault has a new head. Whoever waits for a head registers first, then reads the head, then
 * waits: so none is missed. Thread-safe.
 */
public final class HeadHub {
    private final Map<VaultId, Set<Listener>> listeners = new ConcurrentHashMap<>();
    private final AtomicInteger registered = new AtomicInteger();

    /** Is called by committing threads and must neither block nor throw. Heads of one vault come in order. */
    public interface Listener {
        void moved(VaultId vault, Cursor head);
    }

    /** What ends a registration; closing it again changes nothing. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** From when this returns until it is closed, {@code listener} hears of each new head of these vaults. */
    public Registration listen(Collection<VaultId> vaults, Listener listener) {
        Set<VaultId> wanted = Set.copyOf(vaults);
        wanted.forEach(
                vault ->
                        listeners.compute(
                                vault,
                                (id, set) -> {
                                    Set<Listener> there = set == null ? ConcurrentHashMap.newKeySet() : set;
                                    there.add(listener);
                                    return there;
                                }));
        registered.incrementAndGet();
        return new Registration() {
            private boolean open = true;

            @Override
            public synchronized void close() {
                if (open) {
                    open = false;
                    registered.decrementAndGet();
                    wanted.forEach(vault -> remove(vault, listener));
                }
            }
        };
    }

    private void remove(VaultId vault, Listener listener) {
        listeners.computeIfPresent(
                vault,
                (id, set) -> {
                    set.remove(listener);
                    return set.isEmpty() ? null : set;
                });
    }

    /** To be called after the commit that made {@code head} is durable. */
    void publish(VaultId vault, Cursor head) {
        listeners.getOrDefault(vault, Set.of()).forEach(listener -> listener.moved(vault, head));
    }

    /** How many listen now. */
    public int listening() {
        return registered.get();
    }
}
