package tinysync.server.ws;

import tinysync.tree.Cursor;
import tinysync.tree.DeviceId;
import tinysync.tree.VaultId;
import tinysync.wire.WakeFrame;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one connection is still to send. Bounded: of each vault only the newest head waits, of pings only the last is
 * answered, and behind a close there is nothing. Thread-safe; nothing here blocks but {@link #take}.
 */
final class Outbox {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Map<VaultId, Cursor> heads = new LinkedHashMap<>();
    private Optional<DeviceId> ready = Optional.empty();
    private Optional<ByteBuffer> pong = Optional.empty();
    private Optional<Closing> closing = Optional.empty();
    private boolean grants;

    /** Why and how the connection ends. */
    record Closing(int code, Optional<WakeFrame.Error> error) {}

    /** What is to be done next. */
    sealed interface Next {
        record Send(WakeFrame frame) implements Next {}

        /** To be sent back as it came. */
        record Pong(ByteBuffer payload) implements Next {}

        record Close(Closing closing) implements Next {}

        /** Nothing came for so long. */
        record Nothing() implements Next {}
    }

    void ready(DeviceId device) {
        change(() -> ready = Optional.of(device));
    }

    /** An older head than the one that waits comes from a reader that was overtaken, and is dropped. */
    void head(VaultId vault, Cursor head) {
        change(() -> heads.merge(vault, head, Outbox::newer));
    }

    private static Cursor newer(Cursor waiting, Cursor head) {
        boolean overtaken = head.epoch().equals(waiting.epoch()) && head.seq() < waiting.seq();
        return overtaken ? waiting : head;
    }

    /** What the device reaches has changed; heads of vaults that it does not reach any more are not sent. */
    void grants(Set<VaultId> reach) {
        change(
                () -> {
                    grants = true;
                    heads.keySet().retainAll(reach);
                });
    }

    void pong(ByteBuffer payload) {
        change(() -> pong = Optional.of(payload));
    }

    /** The first one counts. */
    void close(Closing last) {
        change(() -> closing = closing.isPresent() ? closing : Optional.of(last));
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The next thing, most urgent first; waits for it at most {@code patience}. */
    Next take(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (isEmpty()) {
                if (left <= 0) {
                    return new Next.Nothing();
                }
                left = filled.awaitNanos(left);
            }
            return closing.isPresent() ? new Next.Close(closing.get()) : waiting();
        } finally {
            lock.unlock();
        }
    }

    private boolean isEmpty() {
        return closing.isEmpty() && ready.isEmpty() && pong.isEmpty() && !grants && heads.isEmpty();
    }

    private Next waiting() {
        if (ready.isPresent()) {
            Next next = new Next.Send(new WakeFrame.Ready(ready.get()));
            ready = Optional.empty();
            return next;
        }
        if (pong.isPresent()) {
            Next next = new Next.Pong(pong.get());
            pong = Optional.empty();
            return next;
        }
        if (grants) {
            grants = false;
            return new Next.Send(new WakeFrame.Grants());
        }
        Iterator<Map.Entry<VaultId, Cursor>> oldest = heads.entrySet().iterator();
        Map.Entry<VaultId, Cursor> head = oldest.next();
        oldest.remove();
        return new Next.Send(new WakeFrame.Head(head.getKey(), head.getValue()));
    }
}
