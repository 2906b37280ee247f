package tinysync.client.transfer;

import tinysync.client.remote.RemoteException;

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
    /** One call to a server. */
    @FunctionalInterface
    interface Call {
        void run() throws RemoteException;
    }

    private final int atOnce;
    private final Semaphore free;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicReference<Optional<RemoteException>> failure = new AtomicReference<>(Optional.empty());

    Calls(int atOnce) {
        this.atOnce = atOnce;
        this.free = new Semaphore(atOnce);
    }

    /** Waits until {@link #begin} may be called once; only then is it time to read what is to be sent. */
    void awaitFree() throws InterruptedException, RemoteException {
        free.acquire();
        throwFailure();
    }

    void begin(Call call) {
        threads.execute(
                () -> {
                    try {
                        call.run();
                    } catch (RemoteException failed) {
                        failure.compareAndSet(Optional.empty(), Optional.of(failed));
                    } finally {
                        free.release();
                    }
                });
    }

    /** Waits for all that was begun. */
    void finish() throws InterruptedException, RemoteException {
        free.acquire(atOnce);
        free.release(atOnce);
        throwFailure();
    }

    private void throwFailure() throws RemoteException {
        if (failure.get().isPresent()) {
            throw failure.get().get();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
