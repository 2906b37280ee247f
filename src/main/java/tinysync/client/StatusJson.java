package tinysync.client;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.client.engine.StatusView;
import tinysync.client.engine.StatusView.State;
import tinysync.client.state.Identity;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The object that {@code status --json} prints, piece by piece. */
final class StatusJson {
    static final String NOT_RUNNING = "not_running";

    private StatusJson() {}

    /**
     * One attachment as {@code status} shows it.
     *
     * @param server its address
     * @param role what the device may do in the vault
     */
    record Attached(
            String name,
            String vault,
            String server,
            String role,
            Path path,
            StatusView view,
            long upRate,
            long downRate) {
        Attached {
            Objects.requireNonNull(name);
            Objects.requireNonNull(vault);
            Objects.requireNonNull(server);
            Objects.requireNonNull(role);
            Objects.requireNonNull(path);
            Objects.requireNonNull(view);
        }

        JsonObject encode() {
            JsonObject json =
                    new JsonObject()
                            .add("name", name)
                            .add("vault", vault)
                            .add("server", server)
                            .add("role", role)
                            .add("mode", "folder")
                            .add("path", path.toString())
                            .add("state", word(view.state()))
                            .add("seq", new JsonObject().add("local", view.seqLocal()).add("server", view.seqServer()))
                            .add("items", view.items())
                            .add("bytes", view.bytes())
                            .add("pending", pending())
                            .add("rate", new JsonObject().add("up_bytes_s", upRate).add("down_bytes_s", downRate))
                            .add("conflicts", view.conflicts())
                            .add("parked", parked())
                            .add("parked_total", view.parkedTotal())
                            .add("disguised", disguised());
            view.held().ifPresent(held -> json.add("held", held(held)));
            return json;
        }

        private JsonObject pending() {
            return new JsonObject()
                    .add("up_items", view.upItems())
                    .add("up_bytes", view.upBytes())
                    .add("down_items", view.downItems())
                    .add("down_bytes", view.downBytes());
        }

        private JsonArray parked() {
            JsonArray list = new JsonArray();
            view.parked().stream()
                    .limit(StatusView.MAX_LISTED)
                    .map(
                            parked ->
                                    new JsonObject()
                                            .add("path", parked.path())
                                            .add("code", parked.code())
                                            .add("message", parked.message()))
                    .forEach(list::add);
            return list;
        }

        private JsonArray disguised() {
            JsonArray list = new JsonArray();
            view.disguised().stream()
                    .limit(StatusView.MAX_LISTED)
                    .map(
                            disguised ->
                                    new JsonObject()
                                            .add("path", disguised.path())
                                            .add("vault_name", disguised.vaultName()))
                    .forEach(list::add);
            return list;
        }

        private static JsonObject held(StatusView.Held held) {
            JsonArray examples = new JsonArray();
            held.examples().stream().limit(StatusView.MAX_LISTED).forEach(examples::add);
            return new JsonObject()
                    .add("id", held.id())
                    .add("reason", held.reason())
                    .add("direction", held.direction())
                    .add("deletes", held.deletes())
                    .add("overwrites", held.overwrites())
                    .add("examples", examples);
        }
    }

    /** One server of the home, and the connection to it. */
    record Server(Identity identity, boolean reachable, String wake) {
        Server {
            Objects.requireNonNull(identity);
            Objects.requireNonNull(wake);
        }

        JsonObject device() {
            return new JsonObject().add("id", identity.device().toString()).add("name", identity.deviceName());
        }

        JsonObject encode() {
            return new JsonObject()
                    .add("url", identity.server().toString())
                    .add("reachable", reachable)
                    .add("wake", wake);
        }
    }

    /** All of {@code status}. Of several servers the first one is also the {@code server} of programs that know one. */
    static JsonObject whole(
            String state, String version, JsonObject daemon, List<Server> servers, JsonArray attachments) {
        JsonObject json = new JsonObject().add("state", state).add("version", version).add("daemon", daemon);
        JsonArray all = new JsonArray();
        for (Server server : servers) {
            all.add(server.encode().add("device", server.device()));
        }
        if (!servers.isEmpty()) {
            json.add("device", servers.getFirst().device()).add("server", servers.getFirst().encode());
        }
        return json.add("servers", all).add("attachments", attachments);
    }

    /** The worst of the states, as a word; {@code synced} when there is none. */
    static String worst(List<StatusView> views) {
        return word(views.stream().map(StatusView::state).max(State::compareTo).orElse(State.SYNCED));
    }

    static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    static StatusView withState(StatusView view, State state) {
        return new StatusView(
                state,
                view.seqLocal(),
                view.seqServer(),
                view.items(),
                view.bytes(),
                view.upItems(),
                view.upBytes(),
                view.downItems(),
                view.downBytes(),
                view.conflicts(),
                view.parked(),
                view.parkedTotal(),
                view.disguised(),
                view.held());
    }

    /** Of an attachment about which nothing more is known. */
    static StatusView bare(State state, Optional<StatusView.Held> held, Optional<StatusView.Parked> problem) {
        return new StatusView(
                state,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                problem.stream().toList(),
                (int) problem.stream().count(),
                List.of(),
                held);
    }
}
