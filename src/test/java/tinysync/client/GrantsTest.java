package tinysync.client;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.EngineOptions.HoldLimit;
import tinysync.client.remote.ServerApi;
import tinysync.client.remote.ServerConnection;
import tinysync.client.state.Account;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.platform.SystemRandom;
import tinysync.server.HostPort;
import tinysync.server.ServerOptions;
import tinysync.server.TinySyncServer;
import tinysync.wire.AdminToken;
import tinysync.wire.InviteText;
import tinysync.wire.Role;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a device may do changes while it runs. It looks by itself only once a minute, which is later than the limit. */
@Timeout(50)
class GrantsTest {
    @TempDir Path temp;

    @Test
    void anotherRoleIsLearnedAsSoonAsTheServerTells() throws Exception {
        ServerOptions options = ServerOptions.on(temp.resolve("server"), new HostPort("127.0.0.1", 0), "test");
        try (TinySyncServer server = TinySyncServer.start(options)) {
            InviteText invite = InviteText.parse(server.firstInvite().orElseThrow());
            Home home = Home.open(temp.resolve("home"));
            Membership membership = new Membership(home, new SystemRandom());
            Identity identity =
                    membership.register(
                            new Membership.Registering(
                                    invite.base(),
                                    invite.pin(),
                                    Optional.of(invite.code()),
                                    Optional.empty(),
                                    "laptop"));
            try (ServerApi api = new ServerApi(Membership.connection(identity))) {
                Account account = home.account(identity.serverId());
                membership.attach(account, api.me(), Optional.empty(), temp.resolve("folder"), Optional.empty());
            }
            try (Daemon daemon = Daemon.start(home, HoldLimit.DEFAULT, "test")) {
                while (!daemon.status(Optional.empty())
                        .get("server")
                        .asObject()
                        .getString("wake", "")
                        .equals("socket")) {
                    Thread.onSpinWait();
                }
                AdminToken token =
                        AdminToken.tryParse(Files.readString(temp.resolve("server/admin.token")).strip()).orElseThrow();
                try (ServerApi admin = new ServerApi(new ServerConnection(server.url(), token, Optional.empty()))) {
                    admin.call(
                            "PUT",
                            "/v1/groups/everyone/vaults/main",
                            Optional.of(new JsonObject().add("role", "read")));
                }
                while (home.identities().getFirst().attachment("main").orElseThrow().role() != Role.READ) {
                    Thread.onSpinWait();
                }
            }
        }
    }
}
