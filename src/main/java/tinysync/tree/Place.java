package tinysync.tree;

import java.util.Objects;

/** Where an item lives: under which folder and by which name. */
public record Place(ItemId parent, String name) {
    public Place {
        Objects.requireNonNull(parent);
        Objects.requireNonNull(name);
    }
}
