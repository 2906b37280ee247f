package tinysync.server;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** All that this process logs from one level on, until this is closed, as it would be written. */
public final class Logged implements AutoCloseable {
    private final Logger root = Logger.getLogger("");
    private final Level before = root.getLevel();
    private final List<String> lines = new ArrayList<>();
    private final Handler handler = new Keeping();

    private Logged(Level least) {
        handler.setLevel(least);
        root.addHandler(handler);
        if (least.intValue() < before.intValue()) {
            root.setLevel(least);
        }
    }

    public static Logged from(Level least) {
        return new Logged(least);
    }

    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    @Override
    public void close() {
        root.setLevel(before);
        root.removeHandler(handler);
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
