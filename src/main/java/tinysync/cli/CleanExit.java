package tinysync.cli;

import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Lets a daemon end well on SIGTERM and SIGINT: closes what it runs and exits with 0, where Java alone would exit with
 * 143. Create it before the daemon starts.
 */
final class CleanExit {
    /** What a daemon runs. */
    @FunctionalInterface
    interface Running {
        void close() throws Exception;
    }

    /** Read by the JDK's logging when it is first used: one line for each message. */
    private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

    private final AtomicReference<Running> running = new AtomicReference<>(() -> {});
    private volatile Exit exit = Exit.DONE;

    CleanExit() {
        logInLines();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(this::shutDown));
    }

    /** To be said before the first message. */
    static void logInLines() {
        if (System.getProperty(LOG_FORMAT) == null) {
            System.setProperty(LOG_FORMAT, "%1$tFT%1$tT.%1$tL %4$s %5$s%6$s%n");
        }
    }

    /** From now on, this is closed at the end. */
    void closes(Running daemon) {
        running.set(daemon);
    }

    /** For ever: a signal ends the process from here. */
    Exit await() throws InterruptedException {
        new CountDownLatch(1).await();
        return exit;
    }

    /** The daemon did not start; the end that follows goes through here too. */
    void failed() {
        exit = Exit.FAILED;
    }

    private void shutDown() {
        try {
            running.get().close();
        } catch (Exception failed) {
            System.getLogger(CleanExit.class.getName()).log(Level.WARNING, "while stopping", failed);
        }
        Runtime.getRuntime().halt(exit.status());
    }
}
