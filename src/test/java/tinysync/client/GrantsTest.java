package tinysync.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import tinysync.client.engine.EngineOptions.HoldLimit;
import tinysync.client.remote.ServerApi;
import tinysync.client.state.Attachment;
import tinysync.client.state.Identity;
import tinysync.platform.SystemRandom;
import tinysync.tree.ItemId;
import tinysync.tree.Mutation;
import tinysync.tree.OpId;
import tinysync.tree.Place;
import tinysync.tree.VaultId;
import tinysync.wire.Role;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a device may do, and what is decided about a vault, changes while it runs. It looks by itself only once a
 * minute, which is later than the limit.
 */
@Timeout(50)
class GrantsTest extends AtServer {
    private void join() throws Exception {
        join(temp.resolve("folder"), Optional.of("here"));
    }

    private Role role(String attachment) throws Exception {
        return home.identities().stream()
                .flatMap(identity -> identity.attachment(attachment).stream())
                .findFirst()
                .orElseThrow()
                .role();
    }

    private void lowered() throws Exception {
        admin("PUT", "/v1/groups/everyone/vaults/main", new JsonObject().add("role", "read"));
        while (role("here") != Role.READ) {
            lookAgain();
        }
    }

    @Test
    void anotherRoleIsLearnedAsSoonAsTheServerTells() throws Exception {
        join();
        try (Daemon daemon = Daemon.start(home, HoldLimit.DEFAULT, "test")) {
            while (!daemon.status(Optional.empty()).get("server").asObject().getString("wake", "").equals("socket")) {
                lookAgain();
            }
            lowered();
        }
    }

    @Test
    void whichNamesAreTheSameIsLearnedAsSoonAsTheServerTells() throws Exception {
        join();
        Identity identity = home.identities().getFirst();
        Attachment here = identity.attachment("here").orElseThrow();
        try (Daemon daemon = Daemon.start(home, HoldLimit.DEFAULT, "test");
                ServerApi api = new ServerApi(Membership.connection(identity))) {
            while (!isFollowing(daemon.status(Optional.empty()))) {
                lookAgain();
            }
            JsonObject exact = new JsonObject().add("policy", new JsonObject().add("names", "exact"));
            admin("PATCH", "/v1/vaults/" + here.vault(), exact);
            api.commit(
                    here.vault(),
                    api.log(here.vault(), api.snapshot(here.vault(), Optional.empty()).at(), 1).head(),
                    home.identities().getFirst().instance().orElseThrow(),
                    List.of(folder(here, "twin"), folder(here, "TWIN")),
                    ref -> Optional.empty());
            while (!Files.exists(here.path().resolve("twin")) || !Files.exists(here.path().resolve("TWIN"))) {
                lookAgain();
            }
        }
    }

    private static Mutation folder(Attachment attachment, String name) {
        SystemRandom random = new SystemRandom();
        return new Mutation.CreateFolder(
                new OpId(random.uuid(), 0),
                new ItemId(random.uuid()),
                new Place(attachment.root(), name),
                Optional.empty(),
                false);
    }

    private static boolean isFollowing(JsonObject status) {
        return status.getString("state", "").equals("synced")
                && status.get("server").asObject().getString("wake", "").equals("socket");
    }

    /** The time limit interrupts, and only who looks at that is ended by it. */
    private static void lookAgain() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("not in time");
        }
        Thread.onSpinWait();
    }

    /** Ids are made by servers, and one can claim those of another. */
    @Test
    void whatAServerSaysChangesNothingThatIsAttachedAtAnother() throws Exception {
        VaultId vault = new VaultId(UUID.fromString(mainVault()));
        Attachment claimed =
                Attachment.of(
                        "elsewhere",
                        new UUID(1, 1),
                        vault,
                        Joined.MAIN.root(),
                        Role.WRITE,
                        Attachment.Mode.FOLDER,
                        temp.resolve("elsewhere"));
        // The first to be told, were it told: so that once the server's own attachment has changed, this one has not.
        Joined.at(home.path(), claimed);
        join();
        try (Daemon _ = Daemon.start(home, HoldLimit.DEFAULT, "test")) {
            lowered();
            assertEquals(Role.WRITE, role("elsewhere"));
        }
    }

    private String mainVault() throws Exception {
        JsonObject answer = admin("GET", "/v1/vaults", new JsonObject());
        return answer.get("vaults").asArray().get(0).asObject().getString("id", "");
    }
}
