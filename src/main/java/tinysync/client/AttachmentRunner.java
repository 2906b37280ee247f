package tinysync.client;

import com.eclipsesource.json.JsonObject;

import tinysync.client.engine.ClientEvent;
import tinysync.client.engine.EngineState;
import tinysync.client.engine.Event;
import tinysync.client.engine.StateChange;
import tinysync.client.engine.StatusView;
import tinysync.client.engine.StatusView.State;
import tinysync.client.folder.UnusableRootException;
import tinysync.client.state.Attachment;
import tinysync.client.state.Numbered;
import tinysync.client.state.StateStore;
import tinysync.client.transfer.TrafficMeter;
import tinysync.wire.Fields;
import tinysync.wire.Me;
import tinysync.wire.PolicyView;
import tinysync.wire.Role;
import tinysync.wire.StrictJson;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps one attachment going: opens its state and its folder, runs its loop, and starts again when the folder comes
 * back, the state can be written again, or what the device may do has changed. A fault of the engine stops it with
 * state {@code error} until a person has it start over; other attachments go on. Thread-safe.
 */
final class AttachmentRunner implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("tinysync.client");
    private static final Duration ROOT_RETRY = Duration.ofSeconds(5);
    private static final Duration TROUBLE_RETRY = Duration.ofSeconds(30);

    /** A fault would only repeat itself: until a person does something. */
    private static final Duration FAULT_RETRY = Duration.ofDays(1);

    private static final Duration ME_RETRY = Duration.ofMillis(500);
    private static final Duration END_PATIENCE = Duration.ofSeconds(9);
    private static final String POLICY_NOTE = "vault_policy";
    private static final int POLICY_MAX = 1 << 20;

    private final Surroundings surroundings;
    private final Signal changed;
    private final TrafficMeter traffic;
    private final Signal woken = new Signal();
    private final Thread thread;
    private volatile boolean closing;
    private volatile Attachment attachment;
    private volatile Optional<StateStore> store = Optional.empty();
    private volatile Optional<AttachmentSession> session = Optional.empty();
    private volatile Optional<PolicyView> policy = Optional.empty();
    private volatile boolean startingOver;
    private volatile int startsOver;
    private volatile StatusView without = StatusJson.bare(State.STARTING, Optional.empty(), Optional.empty());

    /**
     * @param changed is raised with each new status and each event
     */
    AttachmentRunner(Attachment attachment, Surroundings surroundings, Signal changed) {
        this.attachment = Objects.requireNonNull(attachment);
        this.surroundings = Objects.requireNonNull(surroundings);
        this.changed = Objects.requireNonNull(changed);
        this.traffic = new TrafficMeter(surroundings.clock()::monotonicNanos);
        this.thread = Thread.ofPlatform().name("attachment-" + attachment.name()).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    Attachment attachment() {
        return attachment;
    }

    UUID serverId() {
        return surroundings.account().serverId();
    }

    /** To the attachment's server. */
    Connection connection() {
        return surroundings.connection();
    }

    StatusView view() {
        return session.map(AttachmentSession::status).orElse(without);
    }

    JsonObject status() {
        return new StatusJson.Attached(
                        attachment.name(),
                        attachment.vault().toString(),
                        surroundings.server().base().toString(),
                        attachment.role().wire(),
                        attachment.path(),
                        view(),
                        traffic.uploaded().perSecond(),
                        traffic.downloaded().perSecond())
                .encode();
    }

    /** Whether something waits for a person's word. */
    boolean awaitsWord() {
        return view().held().filter(StatusView.Held::awaitsWord).isPresent();
    }

    /** Gives a person's word to the engine; cancelled when it does not run now. */
    CompletableFuture<StatusView> order(Event.Order order) {
        Optional<AttachmentSession> running = session;
        if (running.isPresent()) {
            return running.get().order(order);
        }
        CompletableFuture<StatusView> nobody = new CompletableFuture<>();
        nobody.cancel(false);
        return nobody;
    }

    /** Kept events with a number above {@code after}, oldest first. */
    List<Numbered> events(long after, int limit) throws IOException {
        Optional<StateStore> open = store;
        return open.isPresent() ? open.get().events(after, limit) : List.of();
    }

    /** The last of the kept events, oldest first. */
    List<Numbered> latestEvents(int limit) throws IOException {
        Optional<StateStore> open = store;
        return open.isPresent() ? open.get().latestEvents(limit) : List.of();
    }

    /** All that was made durable; empty before the state is open. */
    Optional<EngineState> state() throws IOException {
        Optional<StateStore> open = store;
        return open.isPresent() ? Optional.of(open.get().current()) : Optional.empty();
    }

    /** What the device may do, and what is decided about its vaults, was read anew. */
    void regranted(Me me) {
        Optional<Me.Reach> vault = reach(me);
        vault.filter(one -> !one.role().equals(attachment.role())).ifPresent(one -> changeRole(one.role()));
        if (vault.filter(one -> namesDiffer(one.policy())).isPresent()) {
            session.ifPresent(AttachmentSession::stop);
        }
    }

    private Optional<Me.Reach> reach(Me me) {
        return me.vaults().stream().filter(vault -> vault.id().equals(attachment.vault())).findFirst();
    }

    /** Which names are the same the engine is told once; of a vault without items, it may be decided anew. */
    private boolean namesDiffer(PolicyView now) {
        return policy.filter(used -> used.exactNames() != now.exactNames()).isPresent();
    }

    private void changeRole(Role role) {
        try {
            Attachment changedOne = known().withRole(role);
            surroundings.account().update(identity -> identity.with(changedOne));
            // The engine is told once what it may do, so it is made anew.
            session.ifPresent(AttachmentSession::stop);
        } catch (IOException failed) {
            LOG.log(Level.WARNING, "the new role of '" + attachment.name() + "' could not be written", failed);
        }
    }

    /** This device is another one now: what runs was opened in the name of the old one. */
    void renamed() {
        session.ifPresent(AttachmentSession::stop);
    }

    /** As the identity has it now: pausing and roles change it while it runs. */
    private Attachment known() {
        return surroundings.identity().get().attachments().stream()
                .filter(one -> one.id().equals(attachment.id()))
                .findFirst()
                .orElse(attachment);
    }

    /** Forgets all that is remembered of disk and server, and compares them anew: that only merges. */
    void startOver() {
        startingOver = true;
        session.ifPresent(AttachmentSession::stop);
        woken.raise();
    }

    /** How often it started over; events are numbered from one again each time. */
    int startsOver() {
        return startsOver;
    }

    private void forgetIfWanted() throws IOException {
        if (startingOver) {
            startingOver = false;
            closeStore();
            surroundings.account().home().forget(attachment.id());
            startsOver++;
        }
    }

    /** As {@code status} says it before a session and after a broken one. */
    private void say(State state, Optional<StatusView.Held> held, String problem) {
        Optional<StatusView.Parked> parked =
                problem.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new StatusView.Parked("", StatusJson.word(state), problem));
        without = StatusJson.bare(state, held, parked);
        changed.raise();
    }

    private void run() {
        try {
            // Counted before it is looked whether to end, so that no reason to wake is missed.
            for (long seen = woken.count(); !closing; seen = woken.count()) {
                woken.await(seen, oneSession());
            }
        } catch (InterruptedException interrupted) {
            LOG.log(Level.DEBUG, "attachment '" + attachment.name() + "' was interrupted");
        } finally {
            closeStore();
        }
    }

    /** Runs until the session ends for whatever reason; how long to wait before the next. */
    private Duration oneSession() throws InterruptedException {
        try {
            attachment = known();
            forgetIfWanted();
            if (store.isEmpty()) {
                store = Optional.of(StateStore.open(surroundings.account().home().database(attachment.id())));
            }
            EngineState state = store.get().load();
            policy = knownPolicy(state);
            if (policy.isEmpty()) {
                boolean tried = surroundings.connection().reachable().equals(Optional.of(false));
                say(tried ? State.OFFLINE : State.STARTING, Optional.empty(), "");
                return ME_RETRY;
            }
            return runSession(state, policy.get());
        } catch (UnusableRootException unusable) {
            String why = RootWatch.word(unusable.state());
            say(State.HELD, Optional.of(StatusView.Held.ofRoot(attachment.root(), why)), "");
            return ROOT_RETRY;
        } catch (IOException failed) {
            return troubled(failed);
        } catch (UncheckedIOException failed) {
            return troubled(failed.getCause());
        } catch (RuntimeException | Error fault) {
            return broken(fault);
        }
    }

    private Duration runSession(EngineState state, PolicyView decided) throws IOException, InterruptedException {
        try (AttachmentSession opened =
                AttachmentSession.open(
                        attachment, surroundings, decided, store.orElseThrow(), state, traffic, changed, this::keep)) {
            session = Optional.of(opened);
            if (closing) {
                return Duration.ZERO;
            }
            AttachmentLoop.Ending ending = opened.run();
            // It goes on from here: whoever waits for it must not take the last word for the new one.
            without = StatusJson.withState(opened.status(), State.STARTING);
            return switch (ending) {
                case AttachmentLoop.Ending.Stopped() -> Duration.ZERO;
                case AttachmentLoop.Ending.StateFailed(IOException cause) -> throw cause;
                case AttachmentLoop.Ending.Broken(RuntimeException cause) -> broken(cause);
            };
        } finally {
            session = Optional.empty();
        }
    }

    private Duration troubled(IOException failed) {
        LOG.log(Level.WARNING, "attachment '" + attachment.name() + "': " + failed.getMessage());
        say(State.ERROR, Optional.empty(), String.valueOf(failed.getMessage()));
        // Opened anew, it is looked at for damage.
        closeStore();
        return TROUBLE_RETRY;
    }

    private Duration broken(Throwable fault) {
        LOG.log(Level.ERROR, "attachment '" + attachment.name() + "' stopped because of a fault in TinySync", fault);
        say(
                State.ERROR,
                Optional.empty(),
                "a fault in TinySync: " + fault + ": 'tinysync panic-resync' compares all anew");
        return FAULT_RETRY;
    }

    private void keep(List<ClientEvent> events) throws IOException {
        store.orElseThrow().appendEvents(events);
        changed.raise();
    }

    /** What must be known of the vault before its items are made or hashed; remembered for starts without a server. */
    private Optional<PolicyView> knownPolicy(EngineState state) throws IOException {
        Optional<Me.Reach> reach = surroundings.connection().me().flatMap(this::reach);
        if (reach.isEmpty()) {
            return Optional.ofNullable(state.notes().get(POLICY_NOTE))
                    .map(
                            text ->
                                    StrictJson.parseObject(
                                            text.getBytes(java.nio.charset.StandardCharsets.UTF_8), POLICY_MAX))
                    .map(json -> PolicyView.decode(Fields.of(json)));
        }
        String text = reach.get().policy().encode().toString();
        if (!text.equals(state.notes().get(POLICY_NOTE))) {
            store.orElseThrow().apply(List.of(new StateChange.PutNote(POLICY_NOTE, Optional.of(text))));
        }
        return Optional.of(reach.get().policy());
    }

    private void closeStore() {
        Optional<StateStore> open = store;
        store = Optional.empty();
        try {
            if (open.isPresent()) {
                open.get().close();
            }
        } catch (IOException failed) {
            LOG.log(Level.WARNING, "closing the state of '" + attachment.name() + "' failed", failed);
        }
    }

    /** Ends what runs and waits for it. */
    @Override
    public void close() {
        closing = true;
        session.ifPresent(AttachmentSession::stop);
        woken.raise();
        try {
            if (!thread.join(END_PATIENCE)) {
                LOG.log(Level.WARNING, "attachment '" + attachment.name() + "' does not end in time");
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
