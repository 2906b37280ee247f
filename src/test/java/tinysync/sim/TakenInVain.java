package tinysync.sim;

import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.Kind;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult;
import tinysync.tree.Place;
import tinysync.tree.Versions;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a server says that claims to have applied new files, and has not. */
final class TakenInVain {
    /** A place of the log that never comes. */
    private static final long NEVER = 1L << 52;

    private TakenInVain() {}

    static List<MutationResult> shown(List<ModelServer.Incoming> bundle) {
        return results(bundle, mutation -> List.of(file((Mutation.PutFile) mutation)));
    }

    static List<MutationResult> unshown(List<ModelServer.Incoming> bundle) {
        return results(bundle, mutation -> List.of());
    }

    private static List<MutationResult> results(
            List<ModelServer.Incoming> bundle, Function<Mutation, List<Item>> items) {
        return bundle.stream()
                .map(ModelServer.Incoming::mutation)
                .<MutationResult>map(one -> new MutationResult.Applied(one.opId(), NEVER, items.apply(one)))
                .toList();
    }

    private static Item file(Mutation.PutFile put) {
        Place place = put.place().orElseThrow();
        return new Item(
                put.item(),
                Optional.of(place.parent()),
                place.name(),
                Kind.FILE,
                Optional.of(put.content()),
                Optional.empty(),
                Item.DEFAULT_FILE_MODE,
                Optional.empty(),
                Versions.all(NEVER),
                false,
                Optional.empty(),
                Item.NO_ATTRS);
    }

    /** Never behind what was said to be applied. */
    static Cursor head(World world) {
        Cursor head = world.server().head();
        boolean honest = world.taking() == World.Taking.HONEST;
        return honest ? head : new Cursor(head.epoch(), NEVER, head.tag());
    }
}
