package tinysync.server.live;

import tinysync.tree.VaultId;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Tells whoever stays connected that something has changed of what clients read with their access, so that each looks
 * for itself. Thread-safe.
 */
public final class AccessWatch {
    private final Set<Consumer<Optional<VaultId>>> listeners = ConcurrentHashMap.newKeySet();

    /**
     * From when this returns until it is closed, {@code changed} is run after each change; it must not block.
     *
     * @param changed is given the vault whose name or policy changed; empty when it may be what somebody reaches
     */
    public HeadHub.Registration listen(Consumer<Optional<VaultId>> changed) {
        listeners.add(changed);
        return () -> listeners.remove(changed);
    }

    /** What somebody may do has changed. */
    public void changed() {
        listeners.forEach(listener -> listener.accept(Optional.empty()));
    }

    /** A vault's name or policy has changed. */
    public void changed(VaultId vault) {
        listeners.forEach(listener -> listener.accept(Optional.of(vault)));
    }
}
