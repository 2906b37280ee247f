package tinysync.client.state;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * This device at one of the servers that its home knows: where its {@link Identity} is read and changed. Thread-safe,
 * as the home is.
 */
public record Account(Home home, UUID serverId) {
    public Account {
        Objects.requireNonNull(home);
        Objects.requireNonNull(serverId);
    }

    /** As it is now; empty when this device has not joined that server, or left it. */
    public Optional<Identity> identity() throws IOException {
        return home.identities().stream().filter(one -> one.serverId().equals(serverId)).findFirst();
    }

    /**
     * Changes the identity and makes it durable; nothing is written when nothing changed.
     *
     * @return the new one
     * @throws IllegalStateException when this device has not joined
     */
    public Identity update(UnaryOperator<Identity> change) throws IOException {
        synchronized (home) {
            Identity before = identity().orElseThrow(() -> new IllegalStateException("this device has not joined"));
            Identity after = change.apply(before);
            if (!after.equals(before)) {
                home.save(after);
            }
            return after;
        }
    }
}
