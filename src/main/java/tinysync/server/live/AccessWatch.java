package tinysync.server.live;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells whoever stays connected that access has changed for somebody, so that each looks for itself. Thread-safe. */
public final class AccessWatch {
    private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();

    /** From when this returns until it is closed, {@code changed} is run after each change; it must not block. */
    public HeadHub.Registration listen(Runnable changed) {
        listeners.add(changed);
        return () -> listeners.remove(changed);
    }

    /** Something that clients read with their access has changed. */
    public void changed() {
        listeners.forEach(Runnable::run);
    }
}
