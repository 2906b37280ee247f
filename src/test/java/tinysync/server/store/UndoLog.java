package tinysync.server.store;

import tinysync.server.core.StoreException;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;

/** Changes maps and sets so that they can be changed back. */
final class UndoLog {
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private boolean running;

    void begin() {
        if (running) {
            throw new IllegalStateException("a transaction inside a transaction");
        }
        running = true;
    }

    <K, V> void put(Map<K, V> map, K key, V value) {
        V old = map.put(key, value);
        undo.push(old == null ? () -> map.remove(key) : () -> map.put(key, old));
    }

    <K, V> void remove(Map<K, V> map, K key) {
        V old = map.remove(key);
        if (old != null) {
            undo.push(() -> map.put(key, old));
        }
    }

    <E> void add(Set<E> set, E element) {
        if (set.add(element)) {
            undo.push(() -> set.remove(element));
        }
    }

    <E> void remove(Set<E> set, E element) {
        if (set.remove(element)) {
            undo.push(() -> set.add(element));
        }
    }

    /** What a transaction that may only read came to. */
    <T> T unchanged(T result) {
        if (!undo.isEmpty()) {
            throw new StoreException(StoreException.Trouble.BROKEN, "a read wrote");
        }
        return result;
    }

    /** Keeps what was done. */
    void commit() {
        undo.clear();
        running = false;
    }

    void rollback() {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
        running = false;
    }
}
