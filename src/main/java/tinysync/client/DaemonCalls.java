package tinysync.client;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.client.engine.Event.Order;
import tinysync.client.engine.Selection;
import tinysync.client.engine.StatusView;
import tinysync.client.ipc.IpcFailure;
import tinysync.client.ipc.IpcHandler;
import tinysync.client.remote.RemoteException;
import tinysync.client.state.Attachment;
import tinysync.client.state.Identity;
import tinysync.client.state.Numbered;
import tinysync.tree.ItemId;
import tinysync.wire.AdminToken;
import tinysync.wire.Fields;
import tinysync.wire.InviteCode;
import tinysync.wire.IpcFrames;
import tinysync.wire.StrictJson;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/**
 * What the daemon answers to other programs of this user; {@code name} is an attachment, all of them where it may be
 * left out.
 *
 * <pre>
 * hello          {protocol}                            status, events, conflicts   {name?}  events also {follow?}
 * pause, resume, rescan, panic_resync  {name?}         confirm                     {name?, reject?}
 * sync           {name?, timeout_ms?}                  detach                      {name}
 * register       {server, device_name, pin?, and invite or operator}               answers {server_id}
 * attach         {folder, server_id?, vault?, as?}     relocate                    {name, folder}
 * keep_local     {name, path}                          select                     {name, hidden}
 * leave          {server_id, unheard?}                 reload                      {}
 * </pre>
 */
final class DaemonCalls implements IpcHandler {
    private static final int PROTOCOL = 1;
    private static final int EVENTS_AT_ONCE = 500;

    /** More does not fit into a frame; who has so many begins with these. */
    private static final int CONFLICTS_BYTES_MAX = IpcFrames.JSON_MAX - 4_096;

    private static final Duration START_PATIENCE = Duration.ofSeconds(5);
    private static final Duration START_LOOK_AGAIN = Duration.ofMillis(100);
    private static final System.Logger LOG = System.getLogger("tinysync.client");

    private final Daemon daemon;

    DaemonCalls(Daemon daemon) {
        this.daemon = Objects.requireNonNull(daemon);
    }

    @Override
    public JsonObject handle(Call call) throws IOException, InterruptedException {
        Fields fields = call.fields();
        return switch (call.op()) {
            case "hello" -> hello(fields);
            case "status" -> {
                chosen(fields);
                yield daemon.status(fields.optText("name"));
            }
            case "events" -> events(call);
            case "conflicts" -> conflicts(fields);
            case "pause" -> pause(fields, true);
            case "resume" -> pause(fields, false);
            case "confirm" -> confirm(fields);
            case "rescan" -> order(fields, Order.RESCAN);
            case "panic_resync" -> {
                chosen(fields).forEach(AttachmentRunner::startOver);
                yield new JsonObject();
            }
            case "sync" -> sync(fields);
            case "register" -> register(fields);
            case "attach" -> attach(fields);
            case "detach" -> detach(fields);
            case "relocate" -> relocate(fields);
            case "select" -> select(fields);
            case "keep_local" -> keepLocal(fields);
            case "leave" -> leave(fields);
            case "reload" -> {
                daemon.reload();
                yield new JsonObject();
            }
            default -> throw new IpcFailure("unsupported_feature", "this client knows no '" + call.op() + "'");
        };
    }

    private JsonObject hello(Fields fields) throws IpcFailure {
        if (fields.whole("protocol", 0, Fields.WHOLE_MAX) != PROTOCOL) {
            throw new IpcFailure("unsupported_feature", "this client speaks protocol " + PROTOCOL + " only");
        }
        return new JsonObject()
                .add("protocol", PROTOCOL)
                .add("version", daemon.version())
                .add("pid", ProcessHandle.current().pid());
    }

    /** Those that the request is about; one that is named is there. */
    private List<AttachmentRunner> chosen(Fields fields) throws IpcFailure {
        Optional<String> name = fields.optText("name");
        List<AttachmentRunner> chosen = daemon.chosen(name);
        if (name.isPresent() && chosen.isEmpty()) {
            List<Attachment> all = daemon.chosen(Optional.empty()).stream().map(AttachmentRunner::attachment).toList();
            throw new IpcFailure("not_found", Membership.notAttached(name.get(), all));
        }
        return chosen;
    }

    private JsonObject events(Call call) throws IOException, InterruptedException {
        boolean follow = call.fields().bool("follow", false);
        Map<Source, Long> told = new HashMap<>();
        for (AttachmentRunner runner : chosen(call.fields())) {
            List<Numbered> kept = runner.latestEvents(EventJson.LATEST);
            told.put(Source.of(runner), kept.isEmpty() ? 0 : kept.getFirst().n() - 1);
        }
        while (true) {
            long seen = daemon.changed().count();
            boolean more = tellEvents(call, told);
            if (!more && !follow) {
                return new JsonObject();
            }
            if (!more) {
                daemon.changed().await(seen);
            }
        }
    }

    private record Told(String attachment, Numbered event) {}

    /** Where numbers of events begin anew: another attachment of that name, or one that started over. */
    private record Source(UUID attachment, int startsOver) {
        static Source of(AttachmentRunner runner) {
            return new Source(runner.attachment().id(), runner.startsOver());
        }
    }

    /** Sends what is new, in the order of time; false when nothing is. */
    private boolean tellEvents(Call call, Map<Source, Long> told) throws IOException {
        List<Told> fresh = new ArrayList<>();
        for (AttachmentRunner runner : daemon.chosen(call.fields().optText("name"))) {
            Source source = Source.of(runner);
            for (Numbered event : runner.events(told.getOrDefault(source, 0L), EVENTS_AT_ONCE)) {
                fresh.add(new Told(runner.attachment().name(), event));
                told.put(source, event.n());
            }
        }
        fresh.sort(Comparator.comparing(one -> one.event().event().time()));
        for (Told one : fresh) {
            call.event(EventJson.encode(one.attachment(), one.event()));
        }
        return !fresh.isEmpty();
    }

    private JsonObject conflicts(Fields fields) throws IOException {
        JsonArray list = new JsonArray();
        long bytes = 0;
        for (AttachmentRunner runner : chosen(fields)) {
            Optional<ConflictList> conflicts = runner.state().map(ConflictList::new);
            for (JsonObject one : conflicts.map(all -> all.encode(runner.attachment().name())).orElse(List.of())) {
                bytes += StrictJson.utf8(one).length + 1;
                if (bytes <= CONFLICTS_BYTES_MAX) {
                    list.add(one);
                }
            }
        }
        return new JsonObject().add("conflicts", list);
    }

    private JsonObject order(Fields fields, Order order) throws IOException, InterruptedException {
        for (AttachmentRunner runner : chosen(fields)) {
            give(runner, order);
        }
        return new JsonObject();
    }

    private void give(AttachmentRunner runner, Order order) throws IOException, InterruptedException {
        if (!taken(runner, order)) {
            throw new IpcFailure(
                    "not_running",
                    "attachment '" + runner.attachment().name() + "' does not run now: 'tinysync status' says why");
        }
    }

    /** Waits a while for one that is only starting; false when it does not run. */
    private boolean taken(AttachmentRunner runner, Order order) throws InterruptedException {
        long begin = daemon.clock().monotonicNanos();
        while (true) {
            long seen = daemon.changed().count();
            try {
                runner.order(order).get();
                return true;
            } catch (CancellationException | ExecutionException notRunning) {
                boolean starting = runner.view().state() == StatusView.State.STARTING;
                if (!starting || daemon.clock().monotonicNanos() - begin > START_PATIENCE.toNanos()) {
                    return false;
                }
            }
            daemon.changed().await(seen, START_LOOK_AGAIN);
        }
    }

    private JsonObject pause(Fields fields, boolean paused) throws IOException, InterruptedException {
        for (AttachmentRunner runner : chosen(fields)) {
            // Written first: one that does not run now reads it when it starts.
            daemon.remember(runner, paused);
            if (!taken(runner, paused ? Order.PAUSE : Order.RESUME)) {
                LOG.log(Level.DEBUG, "'" + runner.attachment().name() + "' does not run, and is told when it starts");
            }
        }
        return new JsonObject();
    }

    private JsonObject confirm(Fields fields) throws IOException, InterruptedException {
        boolean held = false;
        for (AttachmentRunner runner : chosen(fields)) {
            if (runner.awaitsWord()) {
                held = true;
                give(runner, fields.bool("reject", false) ? Order.REJECT : Order.CONFIRM);
            }
        }
        return new JsonObject().add("was_held", held);
    }

    private JsonObject sync(Fields fields) throws IOException, InterruptedException {
        chosen(fields);
        Optional<String> name = fields.optText("name");
        Optional<Duration> timeout = fields.optWhole("timeout_ms", 0, Fields.WHOLE_MAX).map(Duration::ofMillis);
        Settling.Outcome outcome = new Settling(daemon).await(name, timeout);
        return new JsonObject().add("outcome", outcome.word()).add("status", daemon.status(name));
    }

    /** What may be refused by the server or make no sense here, in the words of the socket. */
    @FunctionalInterface
    private interface Joining {
        JsonObject run() throws IOException, RemoteException, Membership.NotPossibleException;
    }

    private static JsonObject joining(Joining joining) throws IOException {
        try {
            return joining.run();
        } catch (Membership.NotPossibleException impossible) {
            throw new IpcFailure("not_possible", impossible.getMessage());
        } catch (RemoteException.Refused refused) {
            throw new IpcFailure(refused.code(), refused.getMessage());
        } catch (RemoteException failed) {
            throw new IpcFailure("unreachable", "the server is not reachable (" + failed.getMessage() + ")");
        }
    }

    private JsonObject register(Fields fields) throws IOException {
        Membership.Registering registering =
                new Membership.Registering(
                        fields.parsed("server", DaemonCalls::address, "is no address"),
                        fields.optHash("pin"),
                        fields.optText("invite").flatMap(InviteCode::tryParse),
                        fields.optText("operator").flatMap(AdminToken::tryParse),
                        fields.text("device_name"));
        return joining(
                () -> {
                    Identity identity = daemon.register(registering);
                    return new JsonObject().add("server_id", identity.serverId().toString());
                });
    }

    private static Optional<URI> address(String text) {
        try {
            return Optional.of(new URI(text)).filter(uri -> uri.getHost() != null);
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }

    private JsonObject attach(Fields fields) throws IOException {
        Path folder = fields.parsed("folder", DaemonCalls::absolute, "is no absolute path");
        return joining(
                () -> {
                    Attachment attachment =
                            daemon.attach(
                                    fields.optUuid("server_id"), fields.optText("vault"), folder, fields.optText("as"));
                    return new JsonObject()
                            .add("name", attachment.name())
                            .add("vault", attachment.vault().toString())
                            .add("mode", attachment.mode().name().toLowerCase(Locale.ROOT))
                            .add("path", attachment.path().toString());
                });
    }

    /** A relative one would be taken from where the daemon was started. */
    private static Optional<Path> absolute(String text) {
        try {
            return Optional.of(Path.of(text)).filter(Path::isAbsolute);
        } catch (InvalidPathException malformed) {
            return Optional.empty();
        }
    }

    private JsonObject relocate(Fields fields) throws IOException {
        AttachmentRunner runner = one(fields);
        Path folder = fields.parsed("folder", DaemonCalls::absolute, "is no absolute path");
        return joining(() -> new JsonObject().add("path", daemon.relocate(runner, folder).path().toString()));
    }

    private JsonObject keepLocal(Fields fields) throws IOException {
        AttachmentRunner runner = one(fields);
        String path = fields.text("path");
        return joining(
                () -> {
                    daemon.keepLocal(runner, path);
                    return new JsonObject();
                });
    }

    private JsonObject select(Fields fields) throws IOException {
        AttachmentRunner runner = one(fields);
        Set<ItemId> hidden = new HashSet<>();
        for (String text : fields.texts("hidden", Selection.ENTRIES_MAX)) {
            hidden.add(
                    ItemId.tryParse(text)
                            .orElseThrow(() -> new IpcFailure("bad_request", "'" + text + "' is no item id")));
        }
        return joining(
                () -> {
                    daemon.select(runner, hidden);
                    return new JsonObject();
                });
    }

    private JsonObject leave(Fields fields) throws IOException {
        return joining(
                () -> {
                    daemon.leave(fields.uuid("server_id"), fields.bool("unheard", false));
                    return new JsonObject();
                });
    }

    private JsonObject detach(Fields fields) throws IOException {
        daemon.detach(one(fields));
        return new JsonObject();
    }

    /** The one that the request is about. */
    private AttachmentRunner one(Fields fields) throws IOException {
        List<AttachmentRunner> chosen = chosen(fields);
        if (chosen.size() != 1) {
            throw new IpcFailure("bad_request", "say which attachment");
        }
        return chosen.getFirst();
    }
}
