package tinysync.client.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells of the attachment's state as far as it says something to a person: that there is work is news only when it goes
 * on for a while, since each save is a moment of work.
 */
final class StateNews {
    private static final Duration WORTH_TELLING = Duration.ofSeconds(2);

    private final News news;
    private Optional<StatusView.State> told = Optional.empty();
    private Optional<Instant> workingSince = Optional.empty();

    StateNews(News news) {
        this.news = news;
    }

    /** Takes note of how things are now. */
    void tell(StatusView.State state, Instant now) {
        switch (state) {
            case STARTING, SCANNING, SYNCING -> {
                workingSince = workingSince.or(() -> Optional.of(now));
                if (!workingSince.get().plus(WORTH_TELLING).isAfter(now)) {
                    say(StatusView.State.SYNCING);
                }
            }
            case SYNCED, PAUSED, OFFLINE, HELD, REVOKED, ERROR -> {
                workingSince = Optional.empty();
                say(state);
            }
        }
    }

    private void say(StatusView.State state) {
        if (!told.equals(Optional.of(state))) {
            told = Optional.of(state);
            news.state(state.name().toLowerCase(Locale.ROOT));
        }
    }

    /** When work that goes on becomes worth telling. */
    Optional<Instant> deadline() {
        return told.equals(Optional.of(StatusView.State.SYNCING))
                ? Optional.empty()
                : workingSince.map(since -> since.plus(WORTH_TELLING));
    }
}
