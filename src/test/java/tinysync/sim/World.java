package tinysync.sim;

import tinysync.client.engine.EngineOptions;
import tinysync.client.engine.Event;
import tinysync.client.engine.StatusView;
import tinysync.tree.DeviceId;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A server and its devices. Everything that can happen next is a choice; the seed chooses. {@link #settle} lets the
 * world go on until nothing is left to do, and checks that all see the same.
 */
public final class World {
    private static final boolean TRACE = Boolean.getBoolean("tinysync.trace");
    private static final int STEPS_MAX = 40_000;

    final Clock clock = new Clock();
    final Texts texts = new Texts();
    final Chance chance;
    final ModelServer server;
    private final List<Device> devices = new ArrayList<>();
    private final EngineOptions.HoldLimit hold;
    private int lostPercent;
    private boolean losesHints;
    private boolean losesNextReply;
    private Taking taking = Taking.HONEST;
    private boolean faults;

    public World(long seed) {
        this(seed, EngineOptions.HoldLimit.DEFAULT);
    }

    public World(long seed, EngineOptions.HoldLimit hold) {
        this.hold = hold;
        chance = new Chance(seed);
        server = new ModelServer(clock, chance, texts);
    }

    public ModelServer server() {
        return server;
    }

    public Clock clock() {
        return clock;
    }

    public List<Device> devices() {
        return devices;
    }

    /** A new device, connected. */
    public Device join(String name) {
        return join(name, 0);
    }

    Device join(String name, int umask) {
        Device device = new Device(name, new DeviceId(new UUID(7, devices.size() + 1)), this, hold, umask);
        devices.add(device);
        device.connect();
        return device;
    }

    /** With {@code -Dtinysync.trace} every event and effect is printed. */
    void trace(String device, Object what) {
        if (TRACE) {
            System.out.println(clock.now() + " " + device + " " + Telling.event(what));
        }
    }

    // Faults.

    /** From now on this many requests in a hundred are lost, before or after they took effect. */
    void loseRequests(int percent) {
        lostPercent = percent;
    }

    /** The next commit takes effect, but its answer never arrives. */
    public void loseNextReply() {
        losesNextReply = true;
    }

    /** What becomes of commits. */
    public enum Taking {
        HONEST,
        /** They are said to be applied, with the items, at a place of the log that never comes. */
        IN_VAIN,
        /** They are said to be applied, and no item is shown. */
        IN_VAIN_UNSHOWN
    }

    public void take(Taking how) {
        taking = how;
    }

    Taking taking() {
        return taking;
    }

    public void loseHints(boolean lost) {
        losesHints = lost;
    }

    void faults(boolean on) {
        faults = on;
    }

    boolean hasFaults() {
        return faults;
    }

    boolean losesHints() {
        return losesHints;
    }

    Fate fate(Device.Lane lane) {
        if (losesNextReply && lane == Device.Lane.COMMIT) {
            losesNextReply = false;
            return Fate.LOST_AFTER;
        }
        if (!chance.percent(lostPercent)) {
            return Fate.ANSWERED;
        }
        return chance.percent(50) ? Fate.LOST_BEFORE : Fate.LOST_AFTER;
    }

    public void headMoved() {
        devices.forEach(Device::headMoved);
    }

    // Time.

    /** Lets one thing happen, if anything can happen now. */
    public boolean step() {
        List<Runnable> choices = new ArrayList<>();
        devices.forEach(device -> choices.addAll(device.choices()));
        clock.advance(Duration.ofMillis(1 + chance.below(5)));
        if (choices.isEmpty()) {
            return false;
        }
        chance.oneOf(choices).run();
        return true;
    }

    public void steps(int count) {
        for (int i = 0; i < count; i++) {
            step();
        }
    }

    /** Lets time pass, and happen what is due. */
    public void pass(Duration time) {
        Instant until = clock.now().plus(time);
        int steps = 0;
        while (clock.now().isBefore(until)) {
            if (!step()) {
                Instant next = nextDeadline().filter(at -> at.isBefore(until)).orElse(until);
                clock.advanceTo(next);
            }
            bound(++steps);
        }
    }

    private Optional<Instant> nextDeadline() {
        return devices.stream().map(Device::deadline).flatMap(Optional::stream).min(Instant::compareTo);
    }

    /** Goes on until every device is quiet and says how it is; then all must be equal. */
    public void settle() {
        runUntilQuiet();
        new Agreement(this).check();
    }

    /** As {@link #settle}, but disks may hold more than the vault. */
    public void settleApartFromIgnored() {
        runUntilQuiet();
        for (Device device : devices) {
            if (device.state() != StatusView.State.SYNCED) {
                throw new AssertionError(describe());
            }
        }
    }

    /** Goes on until nothing is left to do but what timers do once in a while. */
    public void runUntilQuiet() {
        int steps = 0;
        while (true) {
            while (step()) {
                bound(++steps);
            }
            boolean working = devices.stream().anyMatch(device -> isWorking(device.state()));
            if (!working) {
                return;
            }
            clock.advanceTo(nextDeadline().orElse(clock.now()));
            bound(++steps);
        }
    }

    private static boolean isWorking(StatusView.State state) {
        return switch (state) {
            case STARTING, SCANNING, SYNCING -> true;
            case SYNCED, PAUSED, OFFLINE, HELD, REVOKED, ERROR -> false;
        };
    }

    private void bound(int steps) {
        if (steps > STEPS_MAX) {
            throw new AssertionError("no end in sight:\n" + describe());
        }
    }

    /** All faults end, everyone is online, every folder is looked at. */
    public void heal() {
        lostPercent = 0;
        losesHints = false;
        faults = false;
        devices.forEach(Device::connect);
        devices.forEach(device -> device.order(Event.Order.RESCAN));
    }

    public String describe() {
        StringBuilder text = new StringBuilder("server: " + server + "\n");
        devices.forEach(device -> text.append(device.describe()));
        return text.toString();
    }
}
