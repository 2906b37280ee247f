package tinysync.cli;

import com.eclipsesource.json.JsonObject;

import tinysync.client.Membership;
import tinysync.client.remote.RemoteException;
import tinysync.client.state.Attachment;
import tinysync.platform.SystemRandom;
import tinysync.wire.Role;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.List;

/**
 * What {@code rm --keep-local} does before it deletes: has the folders of this device keep what lies at a place. Told
 * first, since a deletion that arrives at a client that does not know would take the files along.
 */
final class KeepLocal {
    private final Context context;
    private final Servers servers;

    KeepLocal(Context context, Servers servers) {
        this.context = context;
        this.servers = servers;
    }

    void keep(VaultPlace place) throws CommandFailure, RemoteException, IOException {
        if (!place.vault().role().includes(Role.WRITE)) {
            throw new CommandFailure(
                    Exit.REFUSED, "forbidden", "this device may only read the vault '" + place.vault().name() + "'");
        }
        String path = String.join("/", place.path());
        List<Attachment> showing =
                servers.attachments().stream()
                        .filter(one -> one.server().equals(place.server()))
                        .map(Servers.Attached::attachment)
                        .filter(one -> one.vault().equals(place.vault().id()))
                        .filter(one -> Files.exists(one.path().resolve(path), LinkOption.NOFOLLOW_LINKS))
                        .toList();
        if (showing.isEmpty()) {
            throw CommandFailure.failed(
                    "no folder of this device holds " + path + ": nothing to keep, 'tinysync rm' deletes it");
        }
        for (Attachment attachment : showing) {
            keep(place.server(), attachment, path);
        }
    }

    private void keep(Servers.Server server, Attachment attachment, String path)
            throws CommandFailure, RemoteException, IOException {
        try {
            context.askOrDo(
                    daemon ->
                            daemon.call(
                                    "keep_local", new JsonObject().add("name", attachment.name()).add("path", path)),
                    home -> {
                        new Membership(home, new SystemRandom())
                                .keepLocal(home.account(server.identity().serverId()), attachment.id(), path);
                        return new JsonObject();
                    });
        } catch (Membership.NotPossibleException impossible) {
            throw CommandFailure.failed(impossible.getMessage());
        }
    }
}
