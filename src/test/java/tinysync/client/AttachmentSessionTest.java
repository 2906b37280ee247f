package tinysync.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.StateChange;
import tinysync.client.folder.Root;
import tinysync.client.state.Attachment;
import tinysync.client.state.StateStore;
import tinysync.client.transfer.TrafficMeter;
import tinysync.tree.Fingerprint;
import tinysync.tree.Item;
import tinysync.tree.Kind;
import tinysync.tree.LocalNode;
import tinysync.tree.Presence;
import tinysync.tree.SyncedEntry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Marker and state of an attachment: whether one of them comes from an earlier time. */
class AttachmentSessionTest {
    @TempDir Path temp;

    private Joined joined;
    private Attachment attachment;
    private Path marker;

    @BeforeEach
    void attach() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("folder"));
        attachment = Joined.main(folder);
        joined = Joined.at(temp.resolve("home"), attachment);
        Root.create(folder, attachment.vault(), attachment.id().toString()).close();
        marker = folder.resolve(".tinysync/root.json");
    }

    private Path database() {
        return joined.home().database(attachment.id());
    }

    private AttachmentSession open(StateStore store) throws IOException {
        Surroundings around = joined.surroundings();
        return AttachmentSession.open(
                attachment,
                around,
                Joined.POLICY,
                store,
                store.load(),
                new TrafficMeter(around.clock()::monotonicNanos),
                new Signal(),
                events -> {});
    }

    /** A session that begins and ends, after which something is agreed on. */
    private void session() throws IOException {
        try (StateStore store = StateStore.open(database())) {
            open(store).close();
            LocalNode root =
                    new LocalNode(
                            attachment.root(),
                            Optional.empty(),
                            "",
                            Kind.FOLDER,
                            new Fingerprint("", 0, Instant.EPOCH, Instant.EPOCH, 0),
                            Optional.empty(),
                            Optional.empty(),
                            true,
                            Presence.PRESENT);
            store.apply(List.of(new StateChange.PutSynced(SyncedEntry.of(Item.root(attachment.root()), root))));
        }
    }

    /** How much is agreed on when the next session has begun. */
    private int agreed() throws IOException {
        try (StateStore store = StateStore.open(database());
                AttachmentSession _ = open(store)) {
            return store.load().synced().size();
        }
    }

    @Test
    void whatWasAgreedOnIsRemembered() throws IOException {
        session();
        assertEquals(1, agreed());
        assertEquals(1, agreed());
    }

    @Test
    void inAFolderThatWasRestoredNothingIsAgreedOn() throws IOException {
        Path backup = temp.resolve("backup");
        try (StateStore store = StateStore.open(database())) {
            try (AttachmentSession _ = open(store)) {
                Files.copy(marker, backup);
            }
        }
        session();
        Files.copy(backup, marker, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(0, agreed());
    }

    @Test
    void aBackupThatWasMadeDuringTheLastSessionIsOlderThanItsEnd() throws IOException {
        Path backup = temp.resolve("backup");
        session();
        try (StateStore store = StateStore.open(database())) {
            try (AttachmentSession _ = open(store)) {
                Files.copy(marker, backup);
            }
        }
        Files.copy(backup, marker, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(0, agreed());
    }

    @Test
    void inAStateThatWasRestoredNothingIsAgreedOn() throws IOException {
        session();
        Path backup = temp.resolve("backup");
        Files.copy(database(), backup);
        session();
        session();
        Files.copy(backup, database(), StandardCopyOption.REPLACE_EXISTING);
        assertEquals(0, agreed());
    }

    @Test
    void anEndBetweenTheTwoWritesIsNoRestoration() throws IOException {
        session();
        try (Root root = Root.open(attachment.path(), attachment.vault(), attachment.id().toString())) {
            root.advanceGeneration();
        }
        assertEquals(1, agreed());
    }
}
