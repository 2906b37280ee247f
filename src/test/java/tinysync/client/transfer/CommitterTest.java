package tinysync.client.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.Effect;
import tinysync.client.engine.Effect.Commit.Outgoing;
import tinysync.client.engine.Event;
import tinysync.client.remote.RemoteContent;
import tinysync.client.remote.RemoteException;
import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.server.StartException;
import tinysync.tree.Cursor;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult;
import tinysync.tree.OpId;
import tinysync.tree.Place;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

class CommitterTest {
    @TempDir private Path temp;

    private Site site;
    private Committer committer;
    private int ops;

    @BeforeEach
    void start() throws IOException, StartException, RemoteException {
        site = new Site(temp);
        committer = new Committer(site.api, site.vault.id(), site.root, () -> Site.INSTANCE, () -> {});
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void smallContentsTravelInsideTheCommit() throws IOException, RemoteException {
        Outgoing a = create("a.txt", "first");
        Outgoing b = create("b.txt", "");
        Event.Committed committed = commit(a, folder("docs"), b);
        assertEquals(Optional.empty(), committed.failure());
        assertEquals(Set.of(), committed.notSent());
        assertEquals(3, committed.results().size());
        committed.results().forEach(result -> assertInstanceOf(MutationResult.Applied.class, result));
        assertEquals(3, committed.head().orElseThrow().seq());
        assertEquals(1, site.gateway.count("POST", "/commit"));
        try (RemoteContent content = site.api.content(site.vault.id(), ref("first").id())) {
            assertArrayEquals("first".getBytes(StandardCharsets.UTF_8), content.readAllBytes());
        }
    }

    @Test
    void whatChangedGrewVanishedOrBecameALinkIsNotSent() throws IOException {
        Outgoing good = create("good.txt", "good");
        Outgoing changed = create("changed.txt", "before");
        Outgoing grown = create("grown.txt", "short");
        Outgoing gone = create("gone.txt", "gone");
        Outgoing link = create("link.txt", "linked");
        Files.writeString(site.path("changed.txt"), "behind");
        Files.writeString(site.path("grown.txt"), "short no more");
        Files.delete(site.path("gone.txt"));
        Files.move(site.path("link.txt"), temp.resolve("elsewhere"));
        Files.createSymbolicLink(site.path("link.txt"), temp.resolve("elsewhere"));
        Event.Committed committed = commit(changed, good, grown, gone, link);
        assertEquals(Set.of(op(changed), op(grown), op(gone), op(link)), committed.notSent());
        assertEquals(List.of(op(good)), committed.results().stream().map(MutationResult::opId).toList());
        assertEquals(Optional.empty(), committed.failure());
    }

    @Test
    void theContentOfALinkIsItsTarget() throws IOException, RemoteException {
        for (int others : new int[] {0, 10}) {
            List<Outgoing> bundle = new ArrayList<>();
            for (int i = 0; i < others; i++) {
                bundle.add(create("file " + i, "content " + i));
            }
            String target = "target of a link beside " + others;
            Outgoing link = create("link " + others, target);
            Files.delete(site.path("link " + others));
            Files.createSymbolicLink(site.path("link " + others), Path.of(target));
            bundle.add(link);
            Event.Committed committed = commit(bundle.toArray(Outgoing[]::new));
            assertEquals(Set.of(), committed.notSent());
            assertEquals(others + 1, committed.results().size());
            try (RemoteContent content = site.api.content(site.vault.id(), ref(target).id())) {
                assertArrayEquals(target.getBytes(StandardCharsets.UTF_8), content.readAllBytes());
            }
        }
    }

    @Test
    void nothingIsAskedWhenNothingCanBeSent() throws IOException {
        Outgoing gone = create("gone.txt", "gone");
        Files.delete(site.path("gone.txt"));
        Event.Committed committed = commit(gone);
        assertEquals(Set.of(op(gone)), committed.notSent());
        assertEquals(0, site.gateway.asked().size());
    }

    @Test
    void anAnswerThatBreaksOffIsTakenAsFarAsItCame() throws IOException {
        List<Outgoing> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.add(create("file " + i, "content " + i));
        }
        site.gateway.spoil(request -> request.contains("/commit"), body -> Arrays.copyOf(body, body.length / 2));
        Event.Committed committed = commit(many.toArray(Outgoing[]::new));
        assertTrue(committed.failure().isPresent());
        assertEquals(Optional.empty(), committed.head());
        int came = committed.results().size();
        assertTrue(came < 20, came + " results");

        site.gateway.heal();
        Event.Committed again = commit(many.toArray(Outgoing[]::new));
        assertEquals(20, again.results().size());
        again.results().forEach(result -> assertInstanceOf(MutationResult.Duplicate.class, result));
    }

    @Test
    void aServerThatIsAwayIsAFailureAndNoResult() throws IOException {
        Outgoing a = create("a.txt", "first");
        site.gateway.close();
        Event.Committed committed = commit(a);
        assertEquals(List.of(), committed.results());
        assertTrue(committed.failure().isPresent());
    }

    private Event.Committed commit(Outgoing... outgoing) {
        return committer.commit(new Effect.Commit(cursor(), List.of(outgoing)));
    }

    private Cursor cursor() {
        try {
            return site.api.vault(site.vault.id()).head();
        } catch (RemoteException away) {
            return Cursor.start(new UUID(1, 1));
        } finally {
            site.gateway.forget();
        }
    }

    private Outgoing create(String name, String text) throws IOException {
        Files.writeString(site.path(name), text);
        Mutation mutation =
                new Mutation.PutFile(
                        nextOp(),
                        site.item(),
                        Optional.of(new Place(site.vault.root(), name)),
                        Optional.empty(),
                        ref(text),
                        Optional.empty(),
                        Optional.empty(),
                        List.of());
        return new Outgoing(mutation, Optional.of(Site.slot(name)));
    }

    private Outgoing folder(String name) {
        Place place = new Place(site.vault.root(), name);
        return new Outgoing(
                new Mutation.CreateFolder(nextOp(), site.item(), place, Optional.empty(), false), Optional.empty());
    }

    private OpId nextOp() {
        return new OpId(new UUID(8, 8), ops++);
    }

    private static OpId op(Outgoing outgoing) {
        return outgoing.mutation().opId();
    }

    private static ContentRef ref(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new ContentRef(Hash.of(bytes), bytes.length);
    }
}
