package tinysync.client.engine;

import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Mutation;

import java.time.Instant;
import java.util.Optional;

/** Puts what happened into the words of {@code tinysync events}. */
final class News {
    private final Desk desk;
    private Instant now = Instant.EPOCH;

    News(Desk desk) {
        this.desk = desk;
    }

    void at(Instant time) {
        now = time;
    }

    void sent(Mutation mutation, ItemId item) {
        switch (mutation) {
            case Mutation.CreateFolder m -> say(ClientEvent.What.CREATED, item, "up");
            case Mutation.CreateSymlink m -> say(ClientEvent.What.UPLOADED, item, "up");
            case Mutation.PutFile m ->
                    say(
                            ClientEvent.What.UPLOADED,
                            item,
                            Optional.empty(),
                            Optional.of(m.content().size()),
                            Optional.of("up"));
            case Mutation.MoveRename m -> say(ClientEvent.What.MOVED, item, "up");
            case Mutation.Delete m -> say(ClientEvent.What.DELETED, item, "up");
            case Mutation.DeleteSubtree m -> say(ClientEvent.What.DELETED, item, "up");
            case Mutation.Restore m -> say(ClientEvent.What.RESTORED, item, "up");
            case Mutation.SetMetadata m -> {}
        }
    }

    void say(ClientEvent.What what, ItemId item, String detail) {
        say(what, item, Optional.empty(), Optional.empty(), Optional.of(detail));
    }

    void say(ClientEvent.What what, ItemId item, Optional<String> from, Optional<Long> bytes, Optional<String> detail) {
        Optional<Item> remote = desk.books.remote.get(item);
        desk.tell(
                new ClientEvent(
                        now,
                        what,
                        Optional.of(item),
                        path(item),
                        from,
                        bytes,
                        remote.flatMap(Item::device).map(Object::toString),
                        detail));
    }

    void state(String detail) {
        desk.tell(
                new ClientEvent(
                        now,
                        ClientEvent.What.STATE,
                        Optional.empty(),
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(detail)));
    }

    /** Where the item lies on the disk, else where it last lay in the vault. */
    String path(ItemId item) {
        Optional<String> here = desk.books.local.path(item);
        if (here.isPresent()) {
            return here.get();
        }
        StringBuilder path = new StringBuilder();
        Optional<Item> at = desk.books.remote.get(item);
        for (int depth = 0; at.isPresent() && !at.get().isRoot() && depth < 4096; depth++) {
            path.insert(0, path.isEmpty() ? at.get().name() : at.get().name() + "/");
            at = at.get().parent().flatMap(desk.books.remote::get);
        }
        if (path.isEmpty()) {
            desk.books.local.get(item).ifPresent(node -> path.append(node.name()));
        }
        return path.toString();
    }
}
