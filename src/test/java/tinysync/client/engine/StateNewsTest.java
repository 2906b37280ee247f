package tinysync.client.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tinysync.sim.Device;
import tinysync.sim.World;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

class StateNewsTest {
    private World world;
    private Device a;

    @BeforeEach
    void oneDevice() {
        world = new World(1);
        a = world.join("a");
        world.settle();
        a.told().clear();
    }

    private List<String> states() {
        return a.told().stream()
                .filter(event -> event.what() == ClientEvent.What.STATE)
                .map(ClientEvent::detail)
                .flatMap(Optional::stream)
                .toList();
    }

    @Test
    void aSaveIsNoNewsOfTheState() {
        a.disk().write("f", "1");
        world.settle();
        a.disk().write("f", "2");
        world.settle();
        assertEquals(2, world.server().versions(world.server().at("f").id()));
        assertEquals(List.of(), states());
    }

    @Test
    void workThatGoesOnIsToldOnceAndSoIsItsEnd() {
        a.lookTakes(Duration.ofSeconds(1));
        a.disk().mkdir("d");
        a.disk().mkdir("d/e");
        a.disk().mkdir("d/e/f");
        a.disk().mkdir("d/e/f/g");
        world.settle();
        assertEquals(List.of("syncing", "synced"), states());
    }

    @Test
    void aLostConnectionAndAPauseAreToldAtOnce() {
        a.disconnect();
        assertEquals(List.of("offline"), states());
        a.connect();
        world.settle();
        a.order(Event.Order.PAUSE);
        assertEquals(List.of("offline", "synced", "paused"), states());
    }

    @Test
    void aStartIsNotOffline() {
        a.crash();
        world.settle();
        assertEquals(List.of("synced"), states());
        a.disconnect();
        a.crash();
        assertEquals(StatusView.State.OFFLINE, a.state());
    }

    @Test
    void anAttachmentThatLostItsAccessComesBackWithIt() {
        a.tell(new Event.AccessLost("revoked"));
        assertEquals(StatusView.State.REVOKED, a.state());
        a.disk().write("f", "1");
        world.pass(Duration.ofSeconds(5));
        assertEquals("", world.server().toString());
        a.tell(new Event.Online(Optional.empty()));
        world.settle();
        assertEquals("f=1", world.server().toString());
        assertEquals(List.of("revoked", "synced"), states());
    }
}
