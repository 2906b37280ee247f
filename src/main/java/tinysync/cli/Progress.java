package tinysync.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * One line on a terminal, rewritten in place while long work goes on: how much is done, how fast, and how long the rest
 * takes. Nothing anywhere else. For one thread.
 */
final class Progress implements AutoCloseable {
    private static final long EVERY_NANOS = Duration.ofMillis(100).toNanos();

    /** The rate is that of the last seconds, so that a pause shows and a stumble does not. */
    private static final long RATE_OVER_NANOS = Duration.ofSeconds(5).toNanos();

    /** Before that a rate is a guess. */
    private static final long RATE_AFTER_NANOS = Duration.ofSeconds(1).toNanos();

    private static final long NANOS = Duration.ofSeconds(1).toNanos();

    private record Sample(long nanos, long bytes) {}

    private final Terminal terminal;
    private final String what;
    private final LongSupplier nanos;
    private final OptionalInt columns;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private String subject = "";
    private long files;
    private long filesAll;
    private long bytesAll;
    private long finished;
    private long current;
    private long shownAt;
    private boolean shown;

    /**
     * @param nanos a clock that never goes back
     */
    Progress(Terminal terminal, String what, LongSupplier nanos) {
        this.terminal = Objects.requireNonNull(terminal);
        this.what = Objects.requireNonNull(what);
        this.nanos = Objects.requireNonNull(nanos);
        this.columns = terminal.columns().get();
    }

    /** Whether anybody sees it: else it need not be known how much there is to do. */
    boolean isWatched() {
        return columns.isPresent();
    }

    /** What all of it comes to. */
    void expect(long manyFiles, long manyBytes) {
        filesAll = manyFiles;
        bytesAll = manyBytes;
    }

    /**
     * The next piece of work; the one before is done.
     *
     * @param bytes of it; 0 where that is not known
     */
    void next(String name, long bytes) {
        finished += current;
        current = bytes;
        files++;
        subject = name;
        show(finished);
    }

    /** So far of the piece that was begun last. */
    void at(long bytes) {
        current = Math.max(current, bytes);
        show(finished + bytes);
    }

    private void show(long done) {
        long now = nanos.getAsLong();
        samples.addLast(new Sample(now, done));
        while (samples.size() > 1 && now - samples.getFirst().nanos() > RATE_OVER_NANOS) {
            samples.removeFirst();
        }
        if (isDue(now)) {
            say(text(done, now));
        }
    }

    private String text(long done, long now) {
        List<String> parts = new ArrayList<>();
        if (filesAll > 1) {
            parts.add(files + " of " + filesAll);
        }
        parts.add(Quantities.shown(done) + (bytesAll > 0 ? " of " + Quantities.shown(bytesAll) : ""));
        long rate = rate(done, now);
        if (rate > 0) {
            parts.add(Quantities.shown(rate) + "/s");
            if (bytesAll > done) {
                parts.add(rest(bytesAll - done, rate));
            }
        }
        return String.join(", ", parts) + "  " + subject;
    }

    private long rate(long done, long now) {
        Sample first = samples.getFirst();
        long took = now - first.nanos();
        return took < RATE_AFTER_NANOS ? 0 : (long) ((double) (done - first.bytes()) * NANOS / took);
    }

    /** {@code 1 min 20 s left}; to the second, then the minute, then the hour, as nobody can know it better. */
    static String rest(long bytes, long rate) {
        long seconds = Math.max(1, bytes / Math.max(1, rate));
        if (seconds < 60) {
            return seconds + " s left";
        }
        if (seconds < 600) {
            return seconds / 60 + " min " + seconds % 60 + " s left";
        }
        return seconds < 7200 ? seconds / 60 + " min left" : seconds / 3600 + " h left";
    }

    private boolean isDue(long now) {
        return isWatched() && (!shown || now - shownAt >= EVERY_NANOS);
    }

    /** Shows a text, if the last one was not just now. */
    void say(String text) {
        long now = nanos.getAsLong();
        if (!isDue(now)) {
            return;
        }
        shownAt = now;
        shown = true;
        String line = Terminal.printable(what.isEmpty() ? text : what + "  " + text);
        // The last column stays free: some terminals go to the next line when it is written.
        terminal.err().print("\r\033[K" + cut(line, columns.orElse(1) - 1));
        terminal.err().flush();
    }

    /** As much as fits into so many columns; wide characters take two, and marks on others none. */
    static String cut(String line, int columns) {
        StringBuilder fitting = new StringBuilder();
        int used = 0;
        for (int c : line.codePoints().toArray()) {
            used += width(c);
            if (used > columns) {
                break;
            }
            fitting.appendCodePoint(c);
        }
        return fitting.toString();
    }

    private static int width(int c) {
        int type = Character.getType(c);
        boolean none =
                type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT;
        // From the Hangul letters on; too careful for some, so that no line is ever too long.
        return none ? 0 : c < 0x1100 ? 1 : 2;
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
