package tinysync.server.http;

import tinysync.server.core.LogRules;
import tinysync.server.live.HeadHub;
import tinysync.server.live.VaultService;
import tinysync.tree.Cursor;
import tinysync.tree.VaultId;
import tinysync.wire.Refusal;
import tinysync.wire.Role;
import tinysync.wire.WaitCodec;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * {@code POST /v1/wait}: answers when a vault has another head than the client knows, or when the time is over. A
 * cursor that the log would refuse is refused here too, and with it the whole wait: whoever only waits would never
 * learn otherwise that his history is gone.
 */
final class LongPolls {
    private final HttpServices services;
    private final Set<Semaphore> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    LongPolls(HttpServices services) {
        this.services = services;
        services.metrics().gauge("tinysync_waiters", "Long polls that wait.", "", waiting::size);
    }

    List<Route> routes() {
        return List.of(new Route("POST", "/v1/wait", Route.Need.DEVICE_OR_ADMIN, this::await));
    }

    /** All who wait are answered now, and nobody waits any more. */
    void stop() {
        stopping = true;
        waiting.forEach(Semaphore::release);
    }

    /** Registers, then reads the heads, then waits: no head can pass unseen between the two. */
    private void await(Call call) throws IOException {
        WaitCodec.Request request = WaitCodec.decode(call.json());
        // Nobody else's room for as long as this one waits.
        call.letGo();
        Semaphore news = new Semaphore(0);
        waiting.add(news);
        try (HeadHub.Registration _ =
                        services.hub().listen(request.cursors().keySet(), (vault, head) -> news.release());
                HeadHub.Registration _ = services.watch().listen(changed -> news.release())) {
            Map<VaultId, Cursor> moved = moved(call, request, news);
            if (moved.isEmpty()) {
                call.answerNothing(204);
            } else {
                call.answer(200, WaitCodec.encodeHeads(moved));
            }
        } finally {
            waiting.remove(news);
        }
    }

    private Map<VaultId, Cursor> moved(Call call, WaitCodec.Request request, Semaphore news) {
        long deadline = services.clock().monotonicNanos() + request.timeout().toNanos();
        while (true) {
            news.drainPermits();
            // All of them before anything is said of one: what is out of reach is not told by who comes first.
            request.cursors().keySet().forEach(vault -> services.access().require(call.who(), vault, Role.READ));
            Map<VaultId, Cursor> moved = new HashMap<>();
            request.cursors().forEach((vault, cursor) -> head(vault, cursor).ifPresent(head -> moved.put(vault, head)));
            Duration left = Duration.ofNanos(deadline - services.clock().monotonicNanos());
            if (!moved.isEmpty() || stopping || !left.isPositive()) {
                return moved;
            }
            await(news, left);
        }
    }

    /** The head, where it is another than {@code cursor}. */
    private Optional<Cursor> head(VaultId id, Cursor cursor) {
        VaultService vault = services.vaults().of(id);
        if (vault.head().equals(cursor)) {
            return Optional.empty();
        }
        try {
            // Read together: a cursor may be ahead of a head that was read before it.
            return vault.read(
                    tx -> {
                        LogRules.checkCursor(tx, cursor);
                        return Optional.of(LogRules.head(tx)).filter(head -> !head.equals(cursor));
                    });
        } catch (Refusal refusal) {
            throw new Refusal(refusal.code(), "vault " + id + ": " + refusal.getMessage());
        }
    }

    private static void await(Semaphore news, Duration left) {
        try {
            if (news.tryAcquire(left.toNanos(), TimeUnit.NANOSECONDS)) {
                news.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts a long poll", e);
        }
    }
}
