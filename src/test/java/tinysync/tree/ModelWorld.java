package tinysync.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A server and two devices, driven by one seed: people work on both while they are apart (and, if wanted, go on working
 * while they sync), then everything is carried out until it is quiet.
 */
final class ModelWorld {
    private static final List<String> NAMES = List.of("a", "b", "A", "c", "\u00e9", "e\u0301");
    private static final List<String> TEXTS = List.of("1", "2", "3");
    private static final int ROUNDS_MAX = 40;

    /** What people may do. */
    enum Work {
        ANYTHING,
        RENAMES
    }

    private final ModelServer server = new ModelServer();
    private final ModelDevice left = new ModelDevice("left", server);
    private final ModelDevice right = new ModelDevice("right", server);
    private final Random random;
    private final Work work;
    private final Set<String> precious = new HashSet<>();
    private final List<String> story = new ArrayList<>();
    private int texts;

    ModelWorld(long seed, Work work) {
        this.random = new Random(seed);
        this.work = work;
    }

    ModelDevice left() {
        return left;
    }

    ModelDevice right() {
        return right;
    }

    ModelServer server() {
        return server;
    }

    /** What happened, for the message of a failure. */
    String story() {
        return String.join("\n", story);
    }

    /** A tree that both devices have. */
    void populate(int steps) {
        for (int i = 0; i < steps; i++) {
            create(left);
        }
        settle();
    }

    void workApart(int steps) {
        for (int i = 0; i < steps; i++) {
            work(random.nextBoolean() ? left : right);
        }
    }

    /** One device forgets what it had agreed on, and which item was which. */
    void forgetEverything() {
        left.forgetEverything();
        story.add("left forgets everything");
    }

    /**
     * Syncs by fits and starts: parts of plans over parts of the items, with logs that lag behind, and people at work.
     */
    void syncInPieces(int rounds, boolean peopleGoOn) {
        for (int i = 0; i < rounds; i++) {
            ModelDevice device = random.nextBoolean() ? left : right;
            if (peopleGoOn && random.nextInt(4) == 0) {
                work(device);
            }
            if (random.nextInt(3) > 0) {
                device.pull(server.seq() - random.nextInt(3));
            }
            List<ItemId> some = new ArrayList<>(device.known());
            some.sort(null);
            if (random.nextBoolean()) {
                some.removeIf(id -> random.nextInt(3) == 0);
            }
            List<Operation> plan = device.plan(some).operations();
            int upTo = random.nextBoolean() ? plan.size() : random.nextInt(plan.size() + 1);
            for (Operation operation : plan.subList(0, upTo)) {
                carryOut(device, operation);
            }
        }
    }

    /** Goes on until nothing is left to plan; nothing may be refused when the log was just pulled. */
    void settle() {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            int before = story.size();
            boolean quiet = settle(left) & settle(right);
            if (quiet) {
                return;
            }
            if (story.stream().skip(before).allMatch(line -> line.contains(": wait ") || line.contains(" plans "))) {
                throw new AssertionError("everything waits");
            }
        }
        throw new AssertionError("never comes to rest");
    }

    private boolean settle(ModelDevice device) {
        device.pull(server.seq());
        story.add(device + " plans at " + server.seq());
        List<Operation> plan = device.plan(device.known()).operations();
        for (Operation operation : plan) {
            carryOut(device, operation)
                    .ifPresent(
                            why -> {
                                throw new AssertionError("refused although the log was pulled: " + why);
                            });
        }
        return plan.isEmpty();
    }

    private Optional<String> carryOut(ModelDevice device, Operation operation) {
        String said = device + ": " + new OperationText(ModelWorld::label).of(operation);
        story.add(said);
        try {
            Optional<String> refused = device.carryOut(operation);
            refused.ifPresent(why -> story.add("   refused: " + why));
            return refused;
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + " at " + said, e);
        }
    }

    private static String label(ItemId id) {
        long device = id.value().getMostSignificantBits();
        String side = device == "left".hashCode() ? "L" : device == "right".hashCode() ? "R" : "root";
        return side + id.value().getLeastSignificantBits();
    }

    // What people do.

    private void work(ModelDevice device) {
        int die = work == Work.RENAMES ? 50 + random.nextInt(40) : random.nextInt(100);
        if (die < 15) {
            create(device);
        } else if (die < 35) {
            pick(device).filter(n -> n.kind().isFile()).ifPresent(n -> edit(device, n));
        } else if (die < 50) {
            pick(device).ifPresent(n -> delete(device, n));
        } else if (die < 75) {
            pick(device).ifPresent(n -> move(device, n));
        } else if (die < 83) {
            swap(device);
        } else if (die < 90) {
            invert(device);
        } else {
            pick(device)
                    .ifPresent(
                            n -> {
                                story.add(device + " user: mode of " + label(n.id()));
                                device.changeMode(n.id(), n.kind().isFolder() ? 0700 : 0600 + random.nextInt(2));
                            });
        }
    }

    private void create(ModelDevice device) {
        LocalNode folder = pickFolder(device);
        String name = pickOne(NAMES);
        if (device.trees.local().at(folder.id(), name).isEmpty() && device.trees.local().depth(folder.id()) < 3) {
            boolean file = random.nextInt(5) < 3;
            LocalNode made = device.create(folder.id(), name, file ? Optional.of(text()) : Optional.empty());
            story.add(device + " user: creates " + describe(made));
        }
    }

    private void edit(ModelDevice device, LocalNode node) {
        node.content().map(TreeText::label).ifPresent(precious::remove);
        String text = text();
        device.edit(node.id(), text);
        story.add(device + " user: edits " + label(node.id()) + " to " + text);
    }

    private void delete(ModelDevice device, LocalNode node) {
        forgetPrecious(device, node);
        device.delete(node.id());
        story.add(device + " user: deletes " + label(node.id()));
    }

    /** A person who deletes what lies here means it. */
    private void forgetPrecious(ModelDevice device, LocalNode node) {
        node.content().map(TreeText::label).ifPresent(precious::remove);
        for (ItemId child : device.trees.local().children(node.id()).values()) {
            forgetPrecious(device, device.trees.local().get(child).orElseThrow());
        }
    }

    private void move(ModelDevice device, LocalNode node) {
        LocalNode folder = random.nextBoolean() ? pickFolder(device) : parentOf(device, node);
        String name = random.nextBoolean() ? pickOne(NAMES) : node.name();
        boolean fits =
                !device.trees.local().isAtOrBelow(folder.id(), node.id())
                        && device.trees.local().at(folder.id(), name).isEmpty();
        if (fits) {
            device.move(node.id(), folder.id(), name);
            story.add(device + " user: moves " + label(node.id()) + " to " + label(folder.id()) + "/" + name);
        }
    }

    private void swap(ModelDevice device) {
        Optional<LocalNode> a = pick(device);
        Optional<LocalNode> b = pick(device);
        if (a.isEmpty() || b.isEmpty()) {
            return;
        }
        LocalTree tree = device.trees.local();
        boolean apart = !tree.isAtOrBelow(a.get().id(), b.get().id()) && !tree.isAtOrBelow(b.get().id(), a.get().id());
        if (apart) {
            device.move(a.get().id(), ModelServer.ROOT, "spare");
            device.move(b.get().id(), a.get().parent().orElseThrow(), a.get().name());
            device.move(a.get().id(), b.get().parent().orElseThrow(), b.get().name());
            story.add(device + " user: swaps " + label(a.get().id()) + " and " + label(b.get().id()));
        }
    }

    /** A folder takes the place of the folder around it, which goes into it. */
    private void invert(ModelDevice device) {
        Optional<LocalNode> inner = pick(device).filter(n -> n.kind().isFolder());
        if (inner.isEmpty() || parentOf(device, inner.get()).parent().isEmpty()) {
            return;
        }
        LocalNode outer = parentOf(device, inner.get());
        if (device.trees.local().at(inner.get().id(), inner.get().name()).isEmpty()) {
            device.move(inner.get().id(), ModelServer.ROOT, "spare");
            device.move(outer.id(), inner.get().id(), inner.get().name());
            device.move(inner.get().id(), outer.parent().orElseThrow(), outer.name());
            story.add(device + " user: inverts " + label(outer.id()) + " and " + label(inner.get().id()));
        }
    }

    private String text() {
        if (random.nextInt(4) == 0) {
            return pickOne(TEXTS);
        }
        String fresh = "text " + ++texts;
        precious.add(fresh);
        return fresh;
    }

    private Optional<LocalNode> pick(ModelDevice device) {
        List<LocalNode> nodes = device.present();
        return nodes.isEmpty() ? Optional.empty() : Optional.of(pickOne(nodes));
    }

    private LocalNode pickFolder(ModelDevice device) {
        List<LocalNode> folders = new ArrayList<>(device.present().stream().filter(n -> n.kind().isFolder()).toList());
        folders.add(device.trees.local().get(ModelServer.ROOT).orElseThrow());
        return pickOne(folders);
    }

    private LocalNode parentOf(ModelDevice device, LocalNode node) {
        return device.trees.local().get(node.parent().orElseThrow()).orElseThrow();
    }

    private <T> T pickOne(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String describe(LocalNode node) {
        return label(node.id())
                + " at "
                + label(node.parent().orElseThrow())
                + "/"
                + node.name()
                + node.content().map(c -> " with " + TreeText.label(c)).orElse(" (folder)");
    }

    // What must be true.

    void requireEqualTrees() {
        Map<String, String> vault = new TreeMap<>(server.paths());
        for (ModelDevice device : List.of(left, right)) {
            Map<String, String> disk = new TreeMap<>(device.vaultPaths());
            if (!disk.equals(vault)) {
                throw new AssertionError(device + " shows " + disk + ", the vault " + vault);
            }
            boolean leftovers = device.trees.local().all().stream().anyMatch(LocalNode::isAbsent);
            if (leftovers || device.trees.synced().size() != device.trees.remote().size()) {
                throw new AssertionError(device + " remembers what is gone");
            }
        }
    }

    void requireNoLoss() {
        Collection<String> kept = server.paths().values();
        for (String text : precious) {
            if (!kept.contains(text)) {
                throw new AssertionError("lost: " + text + " of " + precious + ", kept " + kept);
            }
        }
    }
}
