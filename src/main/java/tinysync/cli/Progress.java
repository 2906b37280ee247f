package tinysync.cli;

import tinysync.platform.SystemClock;

import java.time.Duration;

/** One line on a terminal, rewritten in place while long work goes on; nothing anywhere else. For one thread. */
final class Progress implements AutoCloseable {
    private static final long EVERY_NANOS = Duration.ofMillis(100).toNanos();
    private static final int WIDTH = 79;

    private final Terminal terminal;
    private final String what;
    private final SystemClock clock = new SystemClock();
    private String subject = "";
    private long total;
    private long shownAt;
    private boolean shown;

    Progress(Terminal terminal, String what) {
        this.terminal = terminal;
        this.what = what;
    }

    /**
     * @param bytes of the next piece of work; 0 where that is not known
     */
    void next(String name, long bytes) {
        subject = name;
        total = bytes;
        at(0);
    }

    void at(long bytes) {
        String share = total > 0 ? " of " + Quantities.shown(total) : "";
        say(Terminal.printable(subject) + "  " + Quantities.shown(bytes) + share);
    }

    /** Shows a text, if the last one was not just now. */
    void say(String text) {
        long now = clock.monotonicNanos();
        if (!terminal.interactive() || (shown && now - shownAt < EVERY_NANOS)) {
            return;
        }
        shownAt = now;
        shown = true;
        String line = what.isEmpty() ? text : what + "  " + text;
        terminal.err().print("\r\033[K" + line.substring(0, Math.min(line.length(), WIDTH)));
        terminal.err().flush();
    }

    /** Takes the line away; what is said afterwards shows it again. */
    @Override
    public void close() {
        if (shown) {
            terminal.err().print("\r\033[K");
            terminal.err().flush();
            shown = false;
        }
    }
}
