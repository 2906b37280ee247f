package tinysync.server.core;

import tinysync.tree.Cursor;

import java.util.List;
import java.util.Objects;

/** Where a client's history and the server's part ways: {@code common} can be used as a cursor as it is. */
public record Common(Cursor common, List<Epoch> epochs) {
    public Common {
        Objects.requireNonNull(common);
        epochs = List.copyOf(epochs);
    }
}
