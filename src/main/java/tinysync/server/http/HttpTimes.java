package tinysync.server.http;

import java.time.Duration;
import java.util.Objects;

/**
 * How patient the server is with a connection.
 *
 * @param head within which the head of a request has to be there, from its first byte on
 * @param stall how long a peer that was fast enough may pause inside a body, either way
 * @param minBytesPerSecond below this, over more than {@code stall}, a peer counts as holding a connection only
 * @param stop how long running requests may take to finish when the server stops
 */
public record HttpTimes(Duration head, Duration stall, int minBytesPerSecond, Duration stop) {
    public static final HttpTimes DEFAULT =
            new HttpTimes(Duration.ofSeconds(10), Duration.ofSeconds(30), 512, Duration.ofSeconds(3));

    public HttpTimes {
        Objects.requireNonNull(head);
        Objects.requireNonNull(stall);
        Objects.requireNonNull(stop);
        if (minBytesPerSecond < 1) {
            throw new IllegalArgumentException("a peer has to send something");
        }
    }
}
