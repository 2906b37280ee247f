package tinysync.server.ws;

import java.util.OptionalLong;

/** A time on the monotonic clock that may be set, until which something has to be done. Thread-safe. */
final class Deadline {
    private volatile OptionalLong at = OptionalLong.empty();

    void set(long nanos) {
        at = OptionalLong.of(nanos);
    }

    /** It is done. */
    void clear() {
        at = OptionalLong.empty();
    }

    boolean isPast(long now) {
        OptionalLong until = at;
        return until.isPresent() && now - until.getAsLong() > 0;
    }
}
