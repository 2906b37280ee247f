package tinysync.client.state;

import tinysync.client.engine.ClientEvent;

import java.util.Objects;

/** A client event with its number: 1 for an attachment's first, never used twice, gaps possible. */
public record Numbered(long n, ClientEvent event) {
    public Numbered {
        Objects.requireNonNull(event);
    }
}
