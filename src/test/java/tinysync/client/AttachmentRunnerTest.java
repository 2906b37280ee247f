package tinysync.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.StatusView;
import tinysync.client.engine.StatusView.State;
import tinysync.client.folder.Root;
import tinysync.client.state.Attachment;
import tinysync.client.state.Identity;
import tinysync.wire.Me;
import tinysync.wire.Role;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The time limit only ends a test that would hang. */
@Timeout(60)
class AttachmentRunnerTest {
    @TempDir Path temp;

    private final Signal changed = new Signal();
    private Joined joined;
    private Attachment attachment;
    private AttachmentRunner runner;
    private volatile boolean broken;

    @BeforeEach
    void attach() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("folder"));
        attachment = Joined.main(folder);
        joined = Joined.at(temp.resolve("home"), attachment);
        Root.create(folder, attachment.vault(), attachment.id().toString()).close();
        Surroundings around = joined.surroundings();
        runner =
                new AttachmentRunner(
                        attachment,
                        new Surroundings(
                                around.account(),
                                this::identity,
                                around.connection(),
                                around.holdDeletes(),
                                around.clock(),
                                around.random()),
                        changed);
    }

    @AfterEach
    void close() {
        runner.close();
    }

    private Identity identity() {
        if (broken) {
            throw new IllegalStateException("broken invariant");
        }
        return joined.identity();
    }

    private void awaitState(State state) throws InterruptedException {
        for (long seen = changed.count(); runner.view().state() != state; seen = changed.count()) {
            changed.await(seen);
        }
    }

    @Test
    void withoutAServerItRunsAndIsOffline() throws Exception {
        runner.start();
        awaitState(State.OFFLINE);
        assertEquals("offline", runner.status().getString("state", ""));
        assertFalse(runner.awaitsWord());
    }

    @Test
    void afterAFaultItIsStillUntilItStartsOver() throws Exception {
        broken = true;
        runner.start();
        awaitState(State.ERROR);
        StatusView.Parked why = runner.view().parked().getFirst();
        assertTrue(why.message().contains("broken invariant") && why.message().contains("panic-resync"), why.message());
        broken = false;
        runner.startOver();
        awaitState(State.OFFLINE);
        assertEquals(1, runner.startsOver());
    }

    @Test
    void whatStartsOverHasANewState() throws Exception {
        runner.start();
        awaitState(State.OFFLINE);
        Path database = joined.home().database(attachment.id());
        Object before = Files.getAttribute(database, "unix:ino");
        // Held open, so that no other file gets its number.
        try (var _ = Files.newInputStream(database)) {
            runner.startOver();
            while (runner.startsOver() == 0) {
                Thread.onSpinWait();
            }
            awaitState(State.OFFLINE);
            assertFalse(before.equals(Files.getAttribute(database, "unix:ino")));
        }
    }

    @Test
    void aMissingFolderIsHeldAndAwaitsNoWord() throws Exception {
        Path folder = attachment.path();
        Files.move(folder, temp.resolve("elsewhere"));
        runner.start();
        awaitState(State.HELD);
        assertEquals("root_missing", runner.view().held().orElseThrow().reason());
        assertFalse(runner.awaitsWord());
    }

    @Test
    void aStateThatCannotBeOpenedIsAnErrorThatIsTold() throws Exception {
        Files.createDirectories(joined.home().database(attachment.id()).resolve("in the way"));
        runner.start();
        awaitState(State.ERROR);
        assertEquals("error", runner.view().parked().getFirst().code());
    }

    @Test
    void aNewRoleIsRememberedAndTakenUp() throws Exception {
        runner.start();
        awaitState(State.OFFLINE);
        Me.Reach main = Joined.MAIN;
        runner.regranted(Joined.me(Joined.PHOTOS));
        runner.regranted(Joined.me(new Me.Reach(main.id(), main.name(), Role.READ, main.root(), main.policy())));
        while (runner.attachment().role() != Role.READ) {
            Thread.onSpinWait();
        }
        assertEquals(Optional.of(Role.READ), joined.identity().attachment("main").map(Attachment::role));
    }
}
