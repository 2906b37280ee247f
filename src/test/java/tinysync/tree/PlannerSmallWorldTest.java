package tinysync.tree;

import org.junit.jupiter.api.Test;

import tinysync.tree.ModelWorld.Work;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every way in which two people can rearrange {@code a=1 d{b=2}} over two names and two folders, each for himself:
 * files moved, edited (alike or differently) or deleted, the folder renamed or deleted.
 */
class PlannerSmallWorldTest {
    /** Where a file may lie. */
    private record Slot(boolean inFolder, String name) {}

    /** What one person made of the tree; an empty slot or name is a deletion. */
    private record State(Optional<Slot> a, String text, Optional<Slot> b, Optional<String> folder) {
        boolean isPossible() {
            boolean inNothing =
                    folder.isEmpty() && (a.filter(Slot::inFolder).isPresent() || b.filter(Slot::inFolder).isPresent());
            boolean clash = a.isPresent() && a.equals(b);
            boolean clashWithFolder = folder.filter(name -> isAtTop(a, name) || isAtTop(b, name)).isPresent();
            return !inNothing && !clash && !clashWithFolder && (a.isPresent() || text.equals("1"));
        }

        private static boolean isAtTop(Optional<Slot> slot, String name) {
            return slot.equals(Optional.of(new Slot(false, name)));
        }
    }

    @Test
    void allPairsOfSmallChangesComeTogether() {
        List<State> states = states();
        for (State left : states) {
            for (State right : states) {
                try {
                    play(left, right);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("left " + left + "\nright " + right + "\n" + e.getMessage(), e);
                }
            }
        }
    }

    private static List<State> states() {
        List<Optional<Slot>> slots =
                List.of(
                        Optional.of(new Slot(false, "a")),
                        Optional.of(new Slot(false, "b")),
                        Optional.of(new Slot(true, "a")),
                        Optional.of(new Slot(true, "b")),
                        Optional.empty());
        List<State> states = new ArrayList<>();
        for (Optional<Slot> a : slots) {
            for (Optional<Slot> b : slots) {
                for (String text : List.of("1", "x", "y")) {
                    for (Optional<String> folder :
                            List.of(Optional.of("d"), Optional.of("a"), Optional.<String>empty())) {
                        states.add(new State(a, text, b, folder));
                    }
                }
            }
        }
        return states.stream().filter(State::isPossible).toList();
    }

    private static void play(State left, State right) {
        ModelWorld world = new ModelWorld(0, Work.ANYTHING);
        LocalNode folder = world.left().create(ModelServer.ROOT, "d", Optional.empty());
        LocalNode a = world.left().create(ModelServer.ROOT, "a", Optional.of("1"));
        LocalNode b = world.left().create(folder.id(), "b", Optional.of("2"));
        world.settle();
        rearrange(world.left(), left, a.id(), b.id(), folder.id());
        rearrange(world.right(), right, a.id(), b.id(), folder.id());
        Set<String> written = new TreeSet<>(List.of(left.text(), right.text()));
        written.remove("1");
        try {
            world.settle();
            world.requireEqualTrees();
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + world.story(), e);
        }
        if (!world.server().paths().values().containsAll(written)) {
            throw new AssertionError("lost one of " + written + "\n" + world.story());
        }
    }

    private static void rearrange(ModelDevice device, State state, ItemId a, ItemId b, ItemId folder) {
        takeUp(device, a, state.a(), "first aside");
        takeUp(device, b, state.b(), "second aside");
        state.folder().filter(name -> !name.equals("d")).ifPresent(name -> device.move(folder, ModelServer.ROOT, name));
        if (state.folder().isEmpty()) {
            device.delete(folder);
        }
        place(device, a, state.a(), folder);
        place(device, b, state.b(), folder);
        if (!state.text().equals("1")) {
            device.edit(a, state.text());
        }
    }

    private static void takeUp(ModelDevice device, ItemId id, Optional<Slot> slot, String aside) {
        if (slot.isPresent()) {
            device.move(id, ModelServer.ROOT, aside);
        } else {
            device.delete(id);
        }
    }

    private static void place(ModelDevice device, ItemId id, Optional<Slot> slot, ItemId folder) {
        slot.ifPresent(s -> device.move(id, s.inFolder() ? folder : ModelServer.ROOT, s.name()));
    }
}
