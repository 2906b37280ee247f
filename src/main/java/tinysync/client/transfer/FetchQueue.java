package tinysync.client.transfer;

import tinysync.client.engine.Effect;
import tinysync.client.engine.Event;
import tinysync.client.engine.TransferOutcome;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What is to be fetched: small contents many at a time, large ones a few beside each other and on threads of their own,
 * so that a large one never keeps small ones waiting. Thread-safe.
 */
public final class FetchQueue implements AutoCloseable {
    private static final int SMALL_REQUESTS = 2;
    private static final int SMALL_CONTENTS_MAX = 500;
    private static final long SMALL_BYTES_MAX = 4L << 20;
    private static final int LARGE_AT_ONCE = 3;

    private final Downloader downloader;
    private final Consumer<Event> answers;
    private final Lane<Effect.Fetch> small;
    private final Lane<Effect.Fetch> large;

    /**
     * @param answers gets one {@link Event.Fetched} for each effect, on a thread of this queue
     */
    public FetchQueue(Downloader downloader, Consumer<Event> answers) {
        this.downloader = Objects.requireNonNull(downloader);
        this.answers = Objects.requireNonNull(answers);
        this.small = new Lane<>(SMALL_REQUESTS, FetchQueue::group, this::fetchTogether);
        this.large = new Lane<>(LARGE_AT_ONCE, row -> List.of(row.removeFirst()), this::fetchAlone);
    }

    /** Returns at once. Two fetches of one item's same content at the same time are the caller's fault. */
    public void submit(Effect.Fetch fetch) {
        if (Downloader.isSmall(fetch.content())) {
            small.add(fetch);
        } else {
            large.add(fetch);
        }
    }

    private static List<Effect.Fetch> group(Deque<Effect.Fetch> row) {
        List<Effect.Fetch> group = new ArrayList<>();
        long bytes = 0;
        while (!row.isEmpty() && group.size() < SMALL_CONTENTS_MAX) {
            bytes += row.getFirst().content().size();
            if (bytes > SMALL_BYTES_MAX) {
                break;
            }
            group.add(row.removeFirst());
        }
        return group;
    }

    private void fetchTogether(List<Effect.Fetch> group) {
        List<Effect.Fetch> open = new ArrayList<>(group);
        try {
            downloader.fetchSmall(
                    group,
                    (fetch, outcome) -> {
                        open.remove(fetch);
                        answer(fetch, outcome);
                    });
        } catch (RuntimeException fault) {
            open.forEach(fetch -> answer(fetch, broken(fault)));
        }
    }

    private void fetchAlone(List<Effect.Fetch> one) {
        for (Effect.Fetch fetch : one) {
            TransferOutcome outcome;
            try {
                outcome = downloader.fetch(fetch);
            } catch (RuntimeException fault) {
                outcome = broken(fault);
            }
            answer(fetch, outcome);
        }
    }

    /** Who asked waits for an answer, whatever went wrong. */
    private static TransferOutcome broken(RuntimeException fault) {
        return new TransferOutcome.Failed("internal", String.valueOf(fault), true);
    }

    private void answer(Effect.Fetch fetch, TransferOutcome outcome) {
        answers.accept(new Event.Fetched(fetch.item(), fetch.content(), outcome));
    }

    /** Drops what waits, without an answer, and breaks off what is under way. */
    @Override
    public void close() {
        small.close();
        large.close();
    }
}
