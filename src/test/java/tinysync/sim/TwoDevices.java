package tinysync.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;

import tinysync.tree.ItemId;

import java.util.List;

/** The words of a story about two devices, {@code a} and {@code b}: what was, what happens, what both show then. */
public abstract class TwoDevices {
    protected World world;
    protected Device a;
    protected Device b;
    private long since;

    @BeforeEach
    void twoDevices() {
        world = new World(1);
        a = world.join("a");
        b = world.join("b");
        world.settle();
    }

    /** Both have this tree, written on {@code a}; what is sent and done from here on counts. */
    protected void given(String tree) {
        a.disk().plant(tree);
        world.settle();
        fromHereOn();
    }

    protected void fromHereOn() {
        since = world.server().seq();
        a.forgetEffects();
        b.forgetEffects();
    }

    /** When all is done, both devices and the vault hold this tree. */
    protected void bothShow(String tree) {
        world.settle();
        assertEquals(tree, a.disk().toString());
        assertEquals(tree, b.disk().toString());
        assertEquals(tree, world.server().toString());
    }

    /** Just these mutations were accepted. */
    protected void sent(String... ops) {
        assertEquals(List.of(ops), sent());
    }

    protected List<String> sent() {
        return world.server().opsAfter(since);
    }

    protected ItemId item(String path) {
        return world.server().at(path).id();
    }

    /** How many contents the item at a path has had. */
    protected int versions(String path) {
        return world.server().versions(item(path));
    }
}
