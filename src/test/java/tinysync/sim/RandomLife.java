package tinysync.sim;

import tinysync.client.engine.EngineOptions;
import tinysync.client.engine.Selection;
import tinysync.tree.Item;
import tinysync.tree.ItemId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A world of one seed: some devices, some people, some faults; then all faults end, and it must come to rest with
 * everybody equal and nothing lost.
 */
final class RandomLife {
    private static final int LOOKS_FOR_LINKS = 3;

    private final Chance chance;
    private final World world;
    private final Set<String> ledger = new TreeSet<>();
    private final List<Person> people = new ArrayList<>();
    private final boolean apart;
    private final boolean crashes;
    private final boolean offline;
    private final boolean losesState;
    private final boolean prunes;
    private final boolean restores;
    private final boolean selects;
    private final Map<Device, Set<ItemId>> hiddenOn = new HashMap<>();
    private Optional<Integer> backup = Optional.empty();

    RandomLife(long seed) {
        chance = new Chance(~seed);
        world = new World(seed, EngineOptions.HoldLimit.OFF);
        int devices = 1 + chance.below(3);
        apart = devices == 1 || chance.percent(30);
        crashes = chance.percent(50);
        offline = chance.percent(50);
        losesState = chance.percent(15);
        prunes = chance.percent(15);
        restores = chance.percent(15);
        // Of what is hidden, a server that lost its latest history may have had the only copy.
        selects = !restores && chance.percent(25);
        Set<Person.Habit> habits = EnumSet.of(Person.Habit.WRITE, Person.Habit.MKDIR);
        for (Person.Habit habit : Person.Habit.values()) {
            if (chance.percent(50)) {
                habits.add(habit);
            }
        }
        for (int i = 0; i < devices; i++) {
            Device device = world.join(String.valueOf((char) ('p' + i)));
            people.add(new Person(chance, device, ledger, habits, apart ? "of " + device.name() : ""));
        }
        world.faults(chance.percent(50));
        world.loseHints(chance.percent(30));
        world.loseRequests(chance.percent(50) ? 15 : 0);
    }

    void run() {
        int acts = 5 + chance.below(40);
        int haste = 1 + chance.below(60);
        for (int i = 0; i < acts; i++) {
            chance.oneOf(people).act();
            world.steps(chance.below(haste));
            fault();
            if (chance.percent(10)) {
                world.pass(Duration.ofMillis(chance.below(3_000)));
            }
        }
        showAll();
        // The watcher tells of one name; that a hard link's other names changed as well, only further looks find.
        for (int look = 0; look < LOOKS_FOR_LINKS; look++) {
            world.heal();
            world.runUntilQuiet();
        }
        world.heal();
        world.settle();
        nothingIsLost();
        noNeedlessCopies();
        silent();
    }

    private void fault() {
        Device device = chance.oneOf(world.devices());
        if (crashes && chance.percent(8)) {
            device.crash();
        }
        if (offline && chance.percent(15)) {
            if (device.isOnline()) {
                device.disconnect();
            } else {
                device.connect();
            }
        }
        if (losesState && chance.percent(3)) {
            device.loseState();
        }
        if (prunes && chance.percent(5)) {
            world.server().pruneLog();
        }
        if (restores && chance.percent(10)) {
            restore();
        }
        if (selects && chance.percent(20)) {
            select(device);
        }
    }

    /** Hides a few items on a device, others than before, or none. */
    private void select(Device device) {
        List<Item> living = world.server().living();
        Set<ItemId> hidden = new HashSet<>();
        for (int i = chance.below(3); i > 0 && !living.isEmpty(); i--) {
            hidden.add(chance.oneOf(living).id());
        }
        hiddenOn.put(device, hidden);
        device.choose(new Selection(hidden, Set.of()));
    }

    private void requireHiddenAway(Device device) {
        Set<ItemId> hidden = hiddenOn.getOrDefault(device, Set.of());
        for (Item item : world.server().living()) {
            if (hidden.contains(item.id()) && device.durable().local().containsKey(item.id())) {
                throw new AssertionError(device.name() + " still has " + item + "\n" + world.describe());
            }
        }
    }

    /** Quiet at last, no device has what it hides; shown again, all is as if nothing had ever been hidden. */
    private void showAll() {
        if (selects) {
            world.heal();
            world.runUntilQuiet();
            for (Device device : world.devices()) {
                requireHiddenAway(device);
                device.choose(Selection.WHOLE);
            }
        }
    }

    /** Takes a copy of the server, or goes back to the one that there is. */
    private void restore() {
        if (backup.isEmpty()) {
            backup = Optional.of(world.server().backup());
            return;
        }
        world.devices().forEach(Device::disconnect);
        world.server().restore(backup.get(), chance.percent(50));
        world.devices().forEach(Device::connect);
        backup = Optional.empty();
    }

    private void nothingIsLost() {
        Set<String> living = new TreeSet<>();
        world.server()
                .living()
                .forEach(
                        item ->
                                item.content()
                                        .filter(content -> item.kind().isFile())
                                        .ifPresent(content -> living.add(world.texts.text(content))));
        for (String text : ledger) {
            if (!living.contains(text)) {
                throw new AssertionError("lost: " + text + "\n" + world.describe());
            }
        }
    }

    private void noNeedlessCopies() {
        Optional<String> copy =
                world.devices().stream()
                        .flatMap(device -> device.disk().paths().stream())
                        .filter(path -> path.contains("conflicted copy"))
                        .findFirst();
        if (apart && !losesState && !prunes && !restores && !selects && copy.isPresent()) {
            throw new AssertionError("a conflict without two who edit: " + copy.get() + "\n" + world.describe());
        }
    }

    /** Rested is rested: looking at everything once more finds nothing to do. */
    private void silent() {
        long seq = world.server().seq();
        List<Long> disks = world.devices().stream().map(d -> d.disk().changes()).toList();
        world.pass(Duration.ofSeconds(30));
        world.heal();
        world.settle();
        boolean quiet =
                seq == world.server().seq()
                        && disks.equals(world.devices().stream().map(d -> d.disk().changes()).toList());
        if (!quiet) {
            throw new AssertionError("not silent\n" + world.describe());
        }
    }
}
