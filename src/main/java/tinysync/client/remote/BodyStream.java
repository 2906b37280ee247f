package tinysync.client.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A response body as a stream that gives up when nothing comes for a while, or next to nothing for longer: unlike a
 * time limit on the whole, that holds for a body of any size. A few deliveries wait to be read, so that network and
 * reader work side by side. Reading is for one thread; any may close.
 */
final class BodyStream extends InputStream implements BodySubscriber<InputStream> {
    private sealed interface Signal {
        record Bytes(List<ByteBuffer> buffers) implements Signal {}

        record End() implements Signal {}

        record Failed(Throwable cause) implements Signal {}
    }

    private static final int DELIVERIES_AHEAD = 4;

    /** A body for which more was waited than it may stand still has to bring so much in that time, on average. */
    private static final long BYTES_PER_SECOND_MIN = 512;

    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final Duration stall;
    private final Traffic traffic;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Queue<ByteBuffer> unread = new ArrayDeque<>();
    private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();
    private final LongSupplier nanos;
    private long waitedNanos;
    private long received;
    private volatile boolean ended;

    /**
     * @param nanos a clock that never goes back, in nanoseconds
     */
    BodyStream(Duration stall, Traffic traffic, LongSupplier nanos) {
        this.stall = Objects.requireNonNull(stall);
        this.traffic = Objects.requireNonNull(traffic);
        this.nanos = Objects.requireNonNull(nanos);
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Subscription given) {
        if (subscription.complete(given)) {
            given.request(DELIVERIES_AHEAD);
        } else {
            given.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Signal.Bytes(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        signals.add(new Signal.Failed(cause));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.End());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        while (unread.isEmpty()) {
            if (ended) {
                return -1;
            }
            await();
        }
        ByteBuffer next = unread.element();
        int count = Math.min(length, next.remaining());
        next.get(buffer, offset, count);
        if (!next.hasRemaining()) {
            unread.remove();
            if (unread.isEmpty() && !ended) {
                subscription.join().request(1);
            }
        }
        traffic.down(count);
        return count;
    }

    /** Lets go of the connection, unless the whole body has come: then the next call uses it. */
    @Override
    public void close() {
        if (ended || signals.stream().anyMatch(Signal.End.class::isInstance)) {
            return;
        }
        signals.add(new Signal.Failed(new IOException("closed")));
        // Whichever comes first, the subscription or this, decides; onSubscribe cancels what comes later.
        if (!subscription.completeExceptionally(new IOException("closed"))
                && !subscription.isCompletedExceptionally()) {
            subscription.join().cancel();
        }
    }

    private void await() throws IOException {
        switch (poll()) {
            case Signal.Bytes(List<ByteBuffer> buffers) -> {
                received += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
                requirePace();
                buffers.stream().filter(ByteBuffer::hasRemaining).forEach(unread::add);
                if (unread.isEmpty()) {
                    subscription.join().request(1);
                }
            }
            case Signal.End _ -> ended = true;
            case Signal.Failed(Throwable cause) -> {
                throw new IOException("the answer broke off", cause);
            }
        }
    }

    /**
     * One who sends a byte now and then would hold a reader for ever. Only waiting counts, not the reader's own time.
     */
    private void requirePace() throws IOException {
        boolean patient = waitedNanos <= stall.toNanos();
        if (!patient && received < waitedNanos / NANOS_PER_SECOND * BYTES_PER_SECOND_MIN) {
            close();
            throw new IOException("only " + received + " bytes came in " + waitedNanos / NANOS_PER_SECOND + " s");
        }
    }

    private Signal poll() throws IOException {
        try {
            long before = nanos.getAsLong();
            Signal signal = signals.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
            waitedNanos += nanos.getAsLong() - before;
            if (signal == null) {
                close();
                throw new IOException("nothing came for " + stall.toSeconds() + " s");
            }
            return signal;
        } catch (InterruptedException interrupted) {
            close();
            Thread.currentThread().interrupt();
            InterruptedIOException ended = new InterruptedIOException("interrupted while reading an answer");
            ended.initCause(interrupted);
            throw ended;
        }
    }
}
