package tinysync.tree;

import tinysync.content.ContentRef;

import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Operations as short sentences, so that a test can say what it expects. */
final class OperationText {
    private final Function<ItemId, String> label;

    OperationText(Function<ItemId, String> label) {
        this.label = label;
    }

    String of(Operation operation) {
        return switch (operation) {
            case Operation.Agree o ->
                    "agree "
                            + label(o.item())
                            + (o.place() ? " place" : "")
                            + (o.content() ? " content" : "")
                            + (o.meta() ? " meta" : "");
            case Operation.Forget o -> "forget " + label(o.item());
            case Operation.Resurface o -> "resurface " + label(o.item());
            case Operation.Adopt o -> "adopt " + label(o.item()) + " from " + label(o.local());
            case Operation.Wait o -> "wait " + label(o.item()) + " for " + label(o.on());
            case Operation.Park o -> "park " + label(o.item()) + " " + o.code();
            case Operation.Send o -> "send: " + of(o.mutation());
            case Operation.MakeFolder o -> "make " + label(o.item()) + " as " + place(o.folder(), o.name());
            case Operation.Show o ->
                    "show "
                            + label(o.item())
                            + " as "
                            + place(o.folder(), o.name())
                            + o.replaces().map(r -> " over " + label(r)).orElse("")
                            + o.keepAs().map(k -> " keeping " + shortened(k)).orElse("");
            case Operation.Shift o ->
                    "shift "
                            + label(o.item())
                            + " to "
                            + place(o.folder(), o.name())
                            + o.exchange().map(x -> " swapping " + label(x)).orElse("")
                            + " "
                            + o.why();
            case Operation.Touch o -> "touch " + label(o.item());
            case Operation.Remove o -> "remove " + label(o.item());
            case Operation.EditWon o -> "edit won " + label(o.item());
        };
    }

    private String of(Mutation mutation) {
        return switch (mutation) {
            case Mutation.CreateFolder m -> "create " + label(m.item()) + " as " + place(m.place());
            case Mutation.PutFile m ->
                    m.place().map(p -> "new " + label(m.item()) + " as " + place(p)).orElse("put " + label(m.item()))
                            + text(Optional.of(m.content()));
            case Mutation.CreateSymlink m -> "link " + label(m.item()) + " as " + place(m.place());
            case Mutation.MoveRename m ->
                    m.moves().stream()
                            .map(move -> label(move.item()) + " to " + place(move.to()))
                            .sorted()
                            .collect(Collectors.joining(", ", "move ", ""));
            case Mutation.SetMetadata m -> "meta " + label(m.item());
            case Mutation.Delete m -> "delete " + label(m.item());
            case Mutation.DeleteSubtree m -> "delete tree " + label(m.item());
            case Mutation.Restore m ->
                    "restore "
                            + label(m.item())
                            + " as "
                            + place(m.parent().orElseThrow(), m.name().orElseThrow())
                            + text(m.content());
        };
    }

    private static String text(Optional<ContentRef> content) {
        return content.map(c -> "=" + TreeText.label(c)).orElse("");
    }

    private String label(ItemId id) {
        return label.apply(id);
    }

    private String place(Place place) {
        return place(place.parent(), place.name());
    }

    private String place(ItemId folder, String name) {
        return (folder.equals(ModelServer.ROOT) ? "" : label(folder)) + "/" + shortened(name);
    }

    /** Conflict names are long, and of one shape. */
    private static String shortened(String name) {
        return ConflictNames.isCopyName(name)
                ? ConflictNames.originalName(name) + "*"
                : name.replace(" (case twin)", "^");
    }
}
