package tinysync.server.ws;

import tinysync.wire.WakeCodec;

import java.time.Duration;
import java.util.Objects;

/**
 * How long a wake connection waits for what.
 *
 * @param auth for the request head, and again for the authentication
 * @param ping how often the server pings
 * @param silence after which a peer is taken for gone
 * @param goodbye for the peer's answer to a close
 */
public record WakeTimes(Duration auth, Duration ping, Duration silence, Duration goodbye) {
    /** Those of the protocol. */
    public static final WakeTimes DEFAULT =
            new WakeTimes(WakeCodec.AUTH_TIMEOUT, WakeCodec.PING_EVERY, WakeCodec.SILENCE_MAX, Duration.ofSeconds(1));

    public WakeTimes {
        Objects.requireNonNull(auth);
        Objects.requireNonNull(ping);
        Objects.requireNonNull(silence);
        Objects.requireNonNull(goodbye);
    }
}
