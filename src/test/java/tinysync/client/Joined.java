package tinysync.client;

import tinysync.client.engine.EngineOptions.HoldLimit;
import tinysync.client.engine.Event;
import tinysync.client.remote.ServerConnection;
import tinysync.client.state.Account;
import tinysync.client.state.Attachment;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.content.Chunking;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;
import tinysync.tree.VaultId;
import tinysync.wire.DeviceToken;
import tinysync.wire.Me;
import tinysync.wire.Named;
import tinysync.wire.PolicyView;
import tinysync.wire.Role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** The home of a device that has joined a server, which is not there. */
record Joined(Home home) {
    static final PolicyView POLICY =
            new PolicyView(false, Chunking.DEFAULT, List.of(), Optional.empty(), Optional.empty());

    static final Me.Reach MAIN =
            new Me.Reach(new VaultId(new UUID(1, 2)), "main", Role.WRITE, new ItemId(new UUID(1, 3)), POLICY);

    static final Me.Reach PHOTOS =
            new Me.Reach(new VaultId(new UUID(2, 2)), "photos", Role.READ, new ItemId(new UUID(2, 3)), POLICY);

    /** The discard port: nothing answers. */
    private static final URI NOBODY = URI.create("http://127.0.0.1:9");

    private static final DeviceToken TOKEN = new DeviceToken(new DeviceId(new UUID(1, 4)), "a".repeat(64));

    static Joined at(Path path, Attachment... attachments) throws IOException {
        Home home = Home.open(path);
        home.save(
                new Identity(
                        TOKEN,
                        "laptop",
                        List.of(NOBODY),
                        Optional.empty(),
                        new UUID(1, 5),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(attachments)));
        return new Joined(home);
    }

    /** The vault {@link #MAIN} in a folder. */
    static Attachment main(Path folder) {
        return Attachment.of(
                MAIN.name(),
                new UUID(1, 1),
                MAIN.id(),
                MAIN.root(),
                MAIN.role(),
                Attachment.Mode.FOLDER,
                folder.toAbsolutePath());
    }

    static Me me(Me.Reach... reach) {
        return new Me(new Named(TOKEN.device().value(), "laptop"), List.of(reach), List.of());
    }

    Account account() {
        return home.account(identity().serverId());
    }

    Identity identity() {
        try {
            return home.identities().getFirst();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What an attachment of this home needs; the server has said what there is, and is gone. */
    Surroundings surroundings() {
        return new Surroundings(
                account(),
                this::identity,
                new Once(me(MAIN), Membership.connection(identity())),
                HoldLimit.DEFAULT,
                new SystemClock(),
                new SystemRandom());
    }

    private record Once(Me said, ServerConnection server) implements Connection {
        @Override
        public Optional<Me> me() {
            return Optional.of(said);
        }

        @Override
        public Optional<Boolean> reachable() {
            return Optional.of(false);
        }

        @Override
        public void tryNow() {
            // There is no server.
        }

        @Override
        public void doubtIdentity() {
            // Nobody says so.
        }

        @Override
        public String wake() {
            return "none";
        }

        @Override
        public AutoCloseable listen(VaultId vault, Consumer<Event> listener) {
            listener.accept(new Event.Offline("gone"));
            return () -> {};
        }
    }
}
