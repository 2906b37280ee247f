package tinysync.client.engine;

import java.util.UUID;

/** Where the engine gets fresh ids: real chance in the daemon, a seed in a simulation. */
@FunctionalInterface
public interface Ids {
    /** A UUID that was never given before. */
    UUID next();
}
