package tinysync.server;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What this process logs until this is closed, as it would be written. */
public final class Logged implements AutoCloseable {
    private final Logger logger;
    private final Level before;
    private final List<String> lines = new ArrayList<>();
    private final Handler handler = new Keeping();

    private Logged(Logger logger, Level least) {
        this.logger = logger;
        this.before = logger.getLevel();
        handler.setLevel(least);
        logger.addHandler(handler);
        if (!logger.isLoggable(least)) {
            logger.setLevel(least);
        }
    }

    /** All of it, from a level on. */
    public static Logged from(Level least) {
        return new Logged(Logger.getLogger(""), least);
    }

    /** What our own code logs, at any level. */
    public static Logged ours() {
        return new Logged(Logger.getLogger("tinysync"), Level.ALL);
    }

    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** Forgets what was logged so far. */
    public void clear() {
        synchronized (lines) {
            lines.clear();
        }
    }

    @Override
    public void close() {
        logger.setLevel(before);
        logger.removeHandler(handler);
    }

    private final class Keeping extends Handler {
        private final SimpleFormatter format = new SimpleFormatter();

        @Override
        public void publish(LogRecord entry) {
            if (isLoggable(entry)) {
                synchronized (lines) {
                    lines.add(format.format(entry));
                }
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
