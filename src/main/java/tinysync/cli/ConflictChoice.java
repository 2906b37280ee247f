package tinysync.cli;

import tinysync.client.remote.RemoteException;
import tinysync.tree.ConflictNames;
import tinysync.tree.Item;
import tinysync.tree.Mutation;
import tinysync.tree.Place;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Settles a conflict in the vault, as a person chose. What somebody changes in a folder meanwhile lives on, as with
 * every deletion. Cut off between two steps, the same again finishes it. For one thread.
 */
final class ConflictChoice {
    private final VaultFiles files;

    /** What is kept; the word in lower case is the value of {@code --keep}. */
    enum Keep {
        /** The copy takes the original's name; the original's content stays in its history. */
        COPY,
        ORIGINAL,
        /** Both stay, and the copy gets a name that is no copy's any more. */
        BOTH;

        static Keep parse(String word) throws CommandFailure {
            return switch (word) {
                case "copy" -> COPY;
                case "original" -> ORIGINAL;
                case "both" -> BOTH;
                default -> throw CommandFailure.usage("--keep is copy, original or both, not '" + word + "'");
            };
        }
    }

    ConflictChoice(VaultFiles files) {
        this.files = Objects.requireNonNull(files);
    }

    /** Where what was kept is now, as the copy's path with another name. */
    List<String> settle(List<String> path, Keep keep) throws RemoteException, CommandFailure {
        Item copy = files.need(path);
        if (!ConflictNames.isCopyName(copy.name())) {
            throw CommandFailure.failed(
                    files.shown(path) + " is no conflict copy: 'tinysync conflicts' lists those that there are");
        }
        Item folder = files.need(path.subList(0, path.size() - 1));
        String name = ConflictNames.originalName(copy.name());
        VaultFiles.Names names = files.names(folder);
        Optional<Item> original = names.find(name);
        String kept =
                switch (keep) {
                    case ORIGINAL -> {
                        if (original.isEmpty()) {
                            throw CommandFailure.failed(
                                    "there is no '" + name + "' any more beside it: --keep copy gives it that name");
                        }
                        files.delete(copy);
                        yield name;
                    }
                    case COPY -> {
                        put(copy, original, new Place(folder.id(), name));
                        yield name;
                    }
                    case BOTH -> {
                        String free = free(names, name);
                        move(copy, new Place(folder.id(), free));
                        yield free;
                    }
                };
        return Stream.concat(path.subList(0, path.size() - 1).stream(), Stream.of(kept)).toList();
    }

    /** Of a file the content goes over, so that the item and its history stay; anything else changes places. */
    private void put(Item copy, Optional<Item> original, Place place) throws RemoteException, CommandFailure {
        if (original.isPresent() && original.get().kind().isFile() && copy.kind().isFile()) {
            if (!original.get().content().equals(copy.content())) {
                files.commit(
                        new Mutation.PutFile(
                                files.newOp(),
                                original.get().id(),
                                Optional.empty(),
                                Optional.of(original.get().versions().content()),
                                copy.content().orElseThrow(),
                                Optional.of(copy.mode()),
                                copy.mtime(),
                                List.of(original.get().versions().content())));
            }
            files.delete(copy);
            return;
        }
        if (original.isPresent()) {
            files.delete(original.get());
        }
        move(copy, place);
    }

    private void move(Item item, Place to) throws RemoteException, CommandFailure {
        files.commit(
                new Mutation.MoveRename(
                        files.newOp(), List.of(new Mutation.MoveRename.Move(item.id(), item.versions().place(), to))));
    }

    /** {@code report 2.txt}: the first number that is free. */
    private static String free(VaultFiles.Names names, String name) {
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String extension = dot > 0 ? name.substring(dot) : "";
        int n = 2;
        while (names.find(stem + " " + n + extension).isPresent()) {
            n++;
        }
        return stem + " " + n + extension;
    }
}
