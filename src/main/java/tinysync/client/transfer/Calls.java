package tinysync.client.transfer;

import tinysync.client.remote.RemoteException;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs calls beside each other, no more than so many at once, for one thread that brings them. After the first failure
 * no further call is begun. Closing breaks off what is under way.
 */
final class Calls implements AutoCloseable {
    /** One call to a server, with what is done on this disk for it. */
    @FunctionalInterface
    interface Call {
        void run() throws IOException, RemoteException;
    }

    private final int atOnce;
    private final Semaphore free;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicReference<Optional<Exception>> failure = new AtomicReference<>(Optional.empty());

    Calls(int atOnce) {
        this.atOnce = atOnce;
        this.free = new Semaphore(atOnce);
    }

    /** Waits until {@link #begin} may be called once; only then is it time to read what is to be sent. */
    void awaitFree() throws InterruptedException, IOException, RemoteException {
        free.acquire();
        throwFailure();
    }

    void begin(Call call) {
        threads.execute(
                () -> {
                    try {
                        call.run();
                    } catch (IOException | RemoteException | RuntimeException failed) {
                        failure.compareAndSet(Optional.empty(), Optional.of(failed));
                    } finally {
                        free.release();
                    }
                });
    }

    /** Waits for all that was begun. */
    void finish() throws InterruptedException, IOException, RemoteException {
        free.acquire(atOnce);
        free.release(atOnce);
        throwFailure();
    }

    private void throwFailure() throws IOException, RemoteException {
        if (failure.get().isEmpty()) {
            return;
        }
        switch (failure.get().get()) {
            case IOException here -> throw here;
            case RemoteException there -> throw there;
            case RuntimeException fault -> throw fault;
            case Exception other -> throw new IllegalStateException("no call throws this", other);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
