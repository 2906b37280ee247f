package tinysync.server.live;

import tinysync.platform.SystemClock;
import tinysync.server.core.Burial;
import tinysync.server.core.StoreException;
import tinysync.server.core.VaultRules;
import tinysync.server.core.VaultStore;
import tinysync.server.core.VaultTx;
import tinysync.tree.Cursor;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Does everything that writes to one vault, on one thread, many requests to a transaction: what waits while a
 * transaction is made durable goes into the next one, up to {@value #MUTATIONS_MAX} mutations or 5 ms of work. When
 * nothing waits, it buries what lies below deleted folders. The thread ends when it is idle, and comes back with the
 * next job.
 *
 * <p>A platform thread, because a native database call would pin the carrier of a virtual one.
 */
final class Committer {
    private static final int MUTATIONS_MAX = 256;
    private static final long WORK_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int QUEUE_MAX = 1_024;
    private static final Duration QUEUE_PATIENCE = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final int BURIAL_BATCH = 500;

    private final String name;
    private final VaultStore store;
    private final SystemClock clock;
    private final Metrics metrics;
    private final HeadListener heads;
    private final BlockingQueue<Job> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private boolean running;
    private boolean closed;

    /** Whether there may be something to bury; only the thread reads and writes it. At first nobody knows. */
    private boolean burialDue = true;

    /** Something to be done in a transaction that it shares with others. */
    interface Job {
        /** How many mutations it has; 0 for other work. */
        int mutations();

        /** Whether it may leave something to bury. */
        boolean buries();

        /**
         * Does it; what is returned is run once the transaction is durable. A {@link Refusal} means that nothing was
         * written, and ends this job only; anything else rolls all back.
         */
        Runnable run(VaultTx tx);

        void fail(RuntimeException cause);
    }

    /** Hears of the head after each transaction. */
    interface HeadListener {
        void durable(Cursor head);
    }

    Committer(String name, VaultStore store, SystemClock clock, Metrics metrics, HeadListener heads) {
        this.name = name;
        this.store = store;
        this.clock = clock;
        this.metrics = metrics;
        this.heads = heads;
    }

    /** Hands a job over; it will be run or failed. Waits while too many wait already. */
    void submit(Job job) {
        boolean taken;
        try {
            taken = queue.offer(job, QUEUE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            taken = false;
        }
        if (!taken) {
            throw new Refusal(ErrorCode.UNAVAILABLE, "too much waits for this vault; try again");
        }
        lock.lock();
        try {
            if (!closed && !running) {
                running = true;
                startThread();
            }
            if (closed && !running) {
                failAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether no transaction is running or about to; one that begins later sees whatever was durable before. */
    boolean resting() {
        lock.lock();
        try {
            return !running;
        } finally {
            lock.unlock();
        }
    }

    /** Finishes what waits, for at most {@code patience}, and takes nothing more. */
    void close(Duration patience) {
        lock.lock();
        try {
            closed = true;
            long left = patience.toNanos();
            while (running && left > 0) {
                // The thread looks up from its queue every so often, so a nudge is enough.
                queue.offer(new Nudge());
                left = ended.awaitNanos(left);
            }
            failAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void failAll() {
        List<Job> left = new ArrayList<>();
        queue.drainTo(left);
        left.forEach(job -> job.fail(new Refusal(ErrorCode.UNAVAILABLE, "the server is stopping")));
    }

    private void work() {
        boolean ordinary = false;
        try {
            workUntilIdle();
            ordinary = true;
        } finally {
            if (!ordinary) {
                // An Error ends this thread; what comes next must not wait for it.
                endAfterError();
            }
        }
    }

    private void endAfterError() {
        lock.lock();
        try {
            if (queue.isEmpty() || closed) {
                end();
            } else {
                // Handed over while this thread still counted as running.
                startThread();
            }
        } finally {
            lock.unlock();
        }
    }

    private void startThread() {
        Thread.ofPlatform().name("commit " + name).daemon().start(this::work);
    }

    private void workUntilIdle() {
        boolean more = true;
        while (more) {
            try {
                Job first = burialDue ? queue.poll() : queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    transact(first);
                } else if (burialDue) {
                    burialDue = store.write(tx -> tx.state().isPresent() && Burial.some(tx, BURIAL_BATCH));
                } else {
                    more = !rest();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                more = !rest();
            } catch (RuntimeException e) {
                // Only burying can end here: it is not due for anybody, and the next deletion brings it back.
                burialDue = false;
                System.getLogger(Committer.class.getName())
                        .log(System.Logger.Level.WARNING, "vault " + name + ": burying failed", e);
            }
            more = more && !doneForGood();
        }
    }

    private boolean rest() {
        lock.lock();
        try {
            if (!queue.isEmpty() && !closed) {
                return false;
            }
            return end();
        } finally {
            lock.unlock();
        }
    }

    private boolean doneForGood() {
        lock.lock();
        try {
            return closed && queue.isEmpty() && end();
        } finally {
            lock.unlock();
        }
    }

    private boolean end() {
        running = false;
        ended.signalAll();
        return true;
    }

    private void transact(Job first) {
        List<Job> taken = new ArrayList<>();
        try {
            taken.add(first);
            transact(taken, true);
        } catch (StoreException e) {
            taken.forEach(job -> job.fail(e));
        } catch (RuntimeException e) {
            // One of them broke it for all; each alone shows which.
            taken.forEach(this::transactAlone);
        } catch (Error e) {
            taken.forEach(job -> job.fail(exhausted(e)));
            throw e;
        }
    }

    /** Memory or stack ran out in the middle: who waits is told, since nobody else will do it. */
    private static StoreException exhausted(Error cause) {
        return new StoreException(StoreException.Trouble.BUSY, "the server ran out of resources", cause);
    }

    private void transactAlone(Job job) {
        try {
            List<Job> alone = new ArrayList<>();
            alone.add(job);
            transact(alone, false);
        } catch (RuntimeException e) {
            job.fail(e);
        } catch (Error e) {
            job.fail(exhausted(e));
            throw e;
        }
    }

    /** Runs {@code taken} and, if it may, adds to it what waits. */
    private void transact(List<Job> taken, boolean mayTakeMore) {
        List<Runnable> completions = new ArrayList<>();
        long begun = clock.monotonicNanos();
        Cursor head =
                store.write(
                        tx -> {
                            int next = 0;
                            while (next < taken.size()) {
                                completions.add(run(tx, taken.get(next++)));
                                if (mayTakeMore
                                        && next == taken.size()
                                        && clock.monotonicNanos() - begun < WORK_NANOS_MAX) {
                                    takeMore(taken);
                                }
                            }
                            return VaultRules.state(tx).head();
                        });
        int mutations = taken.stream().mapToInt(Job::mutations).sum();
        metrics.transaction(mutations, clock.monotonicNanos() - begun);
        burialDue |= taken.stream().anyMatch(Job::buries);
        heads.durable(head);
        completions.forEach(Runnable::run);
    }

    private void takeMore(List<Job> taken) {
        int mutations = taken.stream().mapToInt(Job::mutations).sum();
        Job waiting = queue.peek();
        if (waiting != null && taken.size() < MUTATIONS_MAX && mutations + waiting.mutations() <= MUTATIONS_MAX) {
            taken.add(queue.remove());
        }
    }

    private static Runnable run(VaultTx tx, Job job) {
        try {
            return job.run(tx);
        } catch (Refusal refusal) {
            return () -> job.fail(refusal);
        }
    }

    /** Nothing to do, but to look up. */
    private record Nudge() implements Job {
        @Override
        public int mutations() {
            return 0;
        }

        @Override
        public boolean buries() {
            return false;
        }

        @Override
        public Runnable run(VaultTx tx) {
            return () -> {};
        }

        @Override
        public void fail(RuntimeException cause) {
            // Nobody waits for it.
        }
    }
}
