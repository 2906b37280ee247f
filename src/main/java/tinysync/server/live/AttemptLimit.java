package tinysync.server.live;

import java.time.Duration;
import java.util.Objects;

/**
 * How often somebody may fail to authenticate.
 *
 * @param atOnce so many failures of one origin in a row
 * @param oneMorePer and then one more each time that this has passed
 */
public record AttemptLimit(int atOnce, Duration oneMorePer) {
    /** A person who mistypes, or a network with some forgotten devices, stays below; a guesser makes no headway. */
    public static final AttemptLimit DEFAULT = new AttemptLimit(20, Duration.ofSeconds(3));

    public AttemptLimit {
        Objects.requireNonNull(oneMorePer);
        if (atOnce < 1 || !oneMorePer.isPositive()) {
            throw new IllegalArgumentException("somebody may fail now and then");
        }
    }
}
