package tinysync.client.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import tinysync.client.engine.ClientEvent;
import tinysync.client.engine.EngineState;
import tinysync.client.engine.StateChange;
import tinysync.client.state.StateException.Trouble;
import tinysync.tree.Cursor;
import tinysync.tree.Mutation;
import tinysync.wire.Fields;
import tinysync.wire.MutationCodec;
import tinysync.wire.StrictJson;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The durable state of one attachment, in one SQLite file (write-ahead log, synchronous=FULL). What {@link #apply} was
 * given survives a power loss once it returns; events may lose the last few.
 *
 * <p>A file that is damaged is renamed to {@code *.damaged-N}, and an empty one takes its place: the engine then starts
 * with nothing agreed on, which can only make extra copies. It, and what SQLite puts beside it, is this user's alone.
 *
 * <p>Thread-safe; calls wait for each other. One process at a time uses a file.
 */
public final class StateStore implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("tinysync.client");

    /** How many events are kept. */
    public static final int EVENTS_MAX = 10_000;

    private static final String CURSOR = "cursor";
    private static final String GENERATION = "generation";
    private static final int MUTATION_BYTES_MAX = 64 << 20;

    private static final String PUT_REMOTE = "INSERT OR REPLACE INTO remote VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
    private static final String PUT_SYNCED = "INSERT OR REPLACE INTO synced VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
    private static final String PUT_LOCAL = "INSERT OR REPLACE INTO local VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
    private static final String PUT_OP =
            "INSERT INTO ops (op_id, mutation) VALUES (?,?)"
                    + " ON CONFLICT (op_id) DO UPDATE SET mutation = excluded.mutation";
    private static final String PUT_EVENT =
            "INSERT INTO events (time_s, time_ns, kind, item, path, from_path, bytes, device, detail) VALUES"
                    + " (?,?,?,?,?,?,?,?,?)";

    private final Path file;
    private Session session;
    private boolean fresh;
    private boolean damaged;
    private boolean closed;

    private StateStore(Path file) {
        this.file = file;
    }

    /**
     * Opens the file, makes it where it is missing, replaces it where it is damaged.
     *
     * @throws StateException when a newer program wrote it, or the disk is in the way
     */
    public static StateStore open(Path file) throws IOException {
        StateStore store = new StateStore(file.toAbsolutePath());
        try {
            store.start();
        } catch (StateException failed) {
            if (failed.trouble() != Trouble.DAMAGED) {
                throw failed;
            }
            store.replace(failed);
        }
        return store;
    }

    private void start() throws IOException {
        DatabaseFiles.prepare(file);
        boolean unclean = DatabaseFiles.hasLog(file);
        Session opened = Session.open(file);
        try {
            fresh = Schema.bringUpToDate(opened);
            if (unclean) {
                check(opened);
            }
        } catch (StateException failed) {
            opened.closeAfter(failed);
            throw failed;
        }
        session = opened;
    }

    /** Costs a read of the whole file, hence only after an unclean end. */
    private static void check(Session session) throws StateException {
        String verdict = session.first("PRAGMA quick_check(1)", new Values(), Row::text).orElse("no answer");
        if (!verdict.equals("ok")) {
            throw new StateException(Trouble.DAMAGED, "database: " + verdict);
        }
    }

    /** Whether this store began empty: new, or in place of a damaged one. */
    synchronized boolean isFresh() {
        return fresh;
    }

    /** All that was applied; when that turns out to be damaged, nothing, in a new file. */
    public synchronized EngineState load() throws IOException {
        requireOpen();
        try {
            return session.transaction(this::readAll);
        } catch (StateException failed) {
            if (failed.trouble() != Trouble.DAMAGED) {
                throw failed;
            }
            session.closeAfter(failed);
            replace(failed);
            return EngineState.EMPTY;
        }
    }

    private void replace(StateException damage) throws IOException {
        putAside(damage.getMessage());
        start();
    }

    private void putAside(String damage) throws IOException {
        Path aside = DatabaseFiles.moveAside(file);
        LOG.log(
                Level.WARNING,
                "the state was damaged (" + damage + ") and lies in " + aside + " now; all is compared anew");
    }

    /** As {@link #load}, for a look beside a running engine: damage is an error, since the file is in use. */
    public synchronized EngineState current() throws IOException {
        return guarded(() -> session.transaction(this::readAll));
    }

    private EngineState readAll() throws StateException {
        Map<String, String> notes = new HashMap<>();
        session.list("SELECT name, value FROM notes", new Values(), row -> notes.put(row.text(), row.text()));
        return new EngineState(
                session.list("SELECT * FROM remote", new Values(), TreeRows::item),
                session.list("SELECT * FROM synced", new Values(), TreeRows::synced),
                session.list("SELECT * FROM local", new Values(), TreeRows::local),
                mark(CURSOR, row -> cursor(row.text())),
                session.list("SELECT mutation FROM ops ORDER BY n", new Values(), row -> mutation(row.text())),
                session.list("SELECT * FROM conflicts", new Values(), TreeRows::conflict),
                notes);
    }

    /** All of these in one transaction, in this order; durable when this returns. */
    public synchronized void apply(List<StateChange> changes) throws IOException {
        if (changes.isEmpty()) {
            return;
        }
        guarded(
                () ->
                        session.transaction(
                                () -> {
                                    for (StateChange change : changes) {
                                        apply(change);
                                    }
                                    return changes.size();
                                }));
    }

    private void apply(StateChange change) throws StateException {
        switch (change) {
            case StateChange.PutRemote(var item) -> session.update(PUT_REMOTE, TreeRows.of(item));
            case StateChange.DropRemote(var id) ->
                    session.update("DELETE FROM remote WHERE id = ?", Values.of(id.value()));
            case StateChange.ClearRemote() -> session.update("DELETE FROM remote", new Values());
            case StateChange.PutSynced(var entry) -> session.update(PUT_SYNCED, TreeRows.of(entry));
            case StateChange.DropSynced(var id) ->
                    session.update("DELETE FROM synced WHERE id = ?", Values.of(id.value()));
            case StateChange.PutLocal(var node) -> session.update(PUT_LOCAL, TreeRows.of(node));
            case StateChange.DropLocal(var id) ->
                    session.update("DELETE FROM local WHERE id = ?", Values.of(id.value()));
            case StateChange.SetCursor(var cursor) -> putMark(CURSOR, cursor.query());
            case StateChange.PutOp(var mutation) -> {
                String json = MutationCodec.encode(mutation).toString();
                session.update(PUT_OP, Values.of(mutation.opId().toString()).text(json));
            }
            case StateChange.DropOp(var id) ->
                    session.update("DELETE FROM ops WHERE op_id = ?", Values.of(id.toString()));
            case StateChange.PutConflict conflict ->
                    session.update("INSERT OR REPLACE INTO conflicts VALUES (?,?,?,?,?,?)", TreeRows.of(conflict));
            case StateChange.DropConflict(var copy) ->
                    session.update("DELETE FROM conflicts WHERE copy = ?", Values.of(copy.value()));
            case StateChange.PutNote(var name, var value) -> putNote(name, value);
        }
    }

    private void putNote(String name, Optional<String> value) throws StateException {
        if (value.isPresent()) {
            session.update("INSERT OR REPLACE INTO notes VALUES (?,?)", Values.of(name).text(value.get()));
        } else {
            session.update("DELETE FROM notes WHERE name = ?", Values.of(name));
        }
    }

    /** Keeps events among the last {@link #EVENTS_MAX} and numbers them, in this order and in one transaction. */
    public synchronized void appendEvents(List<ClientEvent> events) throws IOException {
        if (events.isEmpty()) {
            return;
        }
        relaxed(
                () -> {
                    for (ClientEvent event : events) {
                        session.update(PUT_EVENT, EventRows.of(event));
                    }
                    session.update("DELETE FROM events WHERE n <= ?", Values.of(session.lastRowId() - EVENTS_MAX));
                    return events.size();
                });
    }

    /** Up to {@code limit} of the kept events with a number above {@code afterN}, oldest first. */
    public synchronized List<Numbered> events(long afterN, int limit) throws IOException {
        return guarded(
                () ->
                        session.list(
                                "SELECT * FROM events WHERE n > ? ORDER BY n LIMIT ?",
                                Values.of(afterN).number(limit),
                                EventRows::event));
    }

    /** The last {@code limit} of the kept events, oldest first. */
    public synchronized List<Numbered> latestEvents(int limit) throws IOException {
        return guarded(
                () ->
                        session.list(
                                "SELECT * FROM (SELECT * FROM events ORDER BY n DESC LIMIT ?) ORDER BY n",
                                Values.of(limit),
                                EventRows::event));
    }

    /** The generation of the root's marker that this state belongs to; empty where none was said. */
    public synchronized OptionalLong generation() throws IOException {
        Optional<Long> noted = guarded(() -> mark(GENERATION, row -> Long.parseLong(row.text())));
        return noted.isPresent() ? OptionalLong.of(noted.get()) : OptionalLong.empty();
    }

    /** Durable when this returns. */
    public synchronized void setGeneration(long generation) throws IOException {
        guarded(() -> session.transaction(() -> putMark(GENERATION, Long.toString(generation))));
    }

    private <T> Optional<T> mark(String name, Session.RowReader<T> reader) throws StateException {
        return session.first("SELECT value FROM marks WHERE name = ?", Values.of(name), reader);
    }

    private String putMark(String name, String value) throws StateException {
        session.update("INSERT OR REPLACE INTO marks VALUES (?,?)", Values.of(name).text(value));
        return value;
    }

    /** A transaction that the next durable one makes durable too: what it writes is not worth waiting for a disk. */
    private <T> T relaxed(Session.Work<T> work) throws StateException {
        return guarded(
                () -> {
                    session.execute("PRAGMA synchronous=NORMAL");
                    try {
                        return session.transaction(work);
                    } finally {
                        session.execute("PRAGMA synchronous=FULL");
                    }
                });
    }

    /** Notices damage, so that the next {@link #open} does not meet it again. */
    private <T> T guarded(Session.Work<T> work) throws StateException {
        requireOpen();
        try {
            return work.run();
        } catch (StateException failed) {
            damaged |= failed.trouble() == Trouble.DAMAGED;
            throw failed;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed: " + file.getFileName());
        }
    }

    private static Cursor cursor(String text) {
        return Cursor.tryParse(text).orElseThrow(() -> new IllegalArgumentException("not a cursor"));
    }

    private static Mutation mutation(String json) {
        byte[] utf8 = json.getBytes(UTF_8);
        return MutationCodec.decode(Fields.of(StrictJson.parseObject(utf8, MUTATION_BYTES_MAX))).mutation();
    }

    /** A store in which damage was met is moved aside. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        session.close();
        if (damaged) {
            putAside("met while writing");
        }
    }
}
