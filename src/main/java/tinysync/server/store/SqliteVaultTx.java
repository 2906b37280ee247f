package tinysync.server.store;

import static tinysync.server.store.SqliteSession.hash;
import static tinysync.server.store.SqliteSession.instant;
import static tinysync.server.store.SqliteSession.optionalNumber;
import static tinysync.server.store.SqliteSession.optionalText;
import static tinysync.server.store.SqliteSession.optionalUuid;
import static tinysync.server.store.SqliteSession.uuid;

import tinysync.content.Chunk;
import tinysync.content.Chunking;
import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.server.core.Bytes;
import tinysync.server.core.ChunkRow;
import tinysync.server.core.ItemRow;
import tinysync.server.core.NamePolicy;
import tinysync.server.core.OpResult;
import tinysync.server.core.Totals;
import tinysync.server.core.VaultPolicy;
import tinysync.server.core.VaultState;
import tinysync.server.core.VaultTx;
import tinysync.server.core.VersionRow;
import tinysync.tree.Cursor;
import tinysync.tree.DeviceId;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LogEvent;
import tinysync.tree.OpId;
import tinysync.wire.EpochStart;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The rows of a vault in {@code schema/sqlite/vault}, inside one transaction of one session. */
final class SqliteVaultTx implements VaultTx {
    private static final int CHUNK_ENTRY_BYTES = Hash.BYTES + Integer.BYTES;

    private static final String STATE_COLUMNS =
            "root, epoch, head_seq, head_tag, min_retained, stored_bytes, names, merge, retention_s, quota_bytes,"
                    + " chunk_min, chunk_average, chunk_max, attrs";
    private static final String SELECT_ITEM = "SELECT " + ItemColumns.LIST + ", fold_key FROM items";
    private static final String VERSION_COLUMNS = "content_version, content, size, target, parents, device, at";
    private static final String SELECT_VERSION = "SELECT " + VERSION_COLUMNS + " FROM versions";
    private static final String EVENT_COLUMNS = "seq, tag, time, device, batch, n, op, confirmed";
    private static final String CHUNK_COLUMNS = "hash, length, key, live";

    /** Walks down from a folder through rows that are not deleted; only folders have anything below. */
    private static final String BELOW =
            "WITH RECURSIVE below(id, kind, version, size) AS ("
                    + " SELECT id, kind, max(content_version, place_version, meta_version), size FROM items"
                    + " WHERE parent = ? AND state = 0"
                    + " UNION ALL"
                    + " SELECT i.id, i.kind, max(i.content_version, i.place_version, i.meta_version), i.size"
                    + " FROM below b JOIN items i ON i.parent = b.id AND i.state = 0 WHERE b.kind = 'folder') ";

    /** Walks down through folders only, so far; files are many more. */
    private static final String FOLDERS_BELOW =
            "WITH RECURSIVE folders(id, level) AS ("
                    + " SELECT ?, 0"
                    + " UNION ALL"
                    + " SELECT i.id, f.level + 1 FROM folders f JOIN items i INDEXED BY items_folders"
                    + " ON i.parent = f.id AND i.state = 0 AND i.kind = 'folder' WHERE f.level < ?) ";

    private final SqliteSession session;

    /**
     * Every mutation of a transaction reads and changes the one row of state: it is read once and written at the end.
     */
    private Optional<VaultState> state = Optional.empty();

    private boolean stateChanged;

    SqliteVaultTx(SqliteSession session) {
        this.session = session;
    }

    /** Writes what was held back; to be called once, before the commit. */
    void flush() {
        if (stateChanged) {
            writeState(state.orElseThrow());
        }
    }

    @Override
    public Optional<VaultState> state() {
        if (state.isEmpty()) {
            state = readState();
        }
        return state;
    }

    @Override
    public void putState(VaultState row) {
        state = Optional.of(row);
        stateChanged = true;
    }

    private Optional<VaultState> readState() {
        return session.first(
                "SELECT " + STATE_COLUMNS + " FROM vault",
                row ->
                        new VaultState(
                                new ItemId(uuid(row, 1)),
                                new Cursor(uuid(row, 2), row.getLong(3), row.getString(4)),
                                row.getLong(5),
                                row.getLong(6),
                                new VaultPolicy(
                                        NamePolicy.parse(row.getString(7)).orElseThrow(),
                                        row.getString(8).lines().toList(),
                                        optionalNumber(row, 9).map(Duration::ofSeconds),
                                        optionalNumber(row, 10),
                                        new Chunking(row.getInt(11), row.getInt(12), row.getInt(13))),
                                row.getString(14)));
    }

    private void writeState(VaultState row) {
        VaultPolicy policy = row.policy();
        session.put(
                "vault",
                "one, " + STATE_COLUMNS,
                1,
                row.root().value(),
                row.head().epoch(),
                row.head().seq(),
                row.head().tag(),
                row.minRetained(),
                row.storedBytes(),
                policy.names().wire(),
                String.join("\n", policy.merge()),
                policy.retention().map(Duration::toSeconds),
                policy.quotaBytes(),
                policy.chunking().min(),
                policy.chunking().average(),
                policy.chunking().max(),
                row.attrs());
    }

    @Override
    public List<EpochStart> epochs() {
        return session.list(
                "SELECT epoch, first_seq FROM epochs ORDER BY n", row -> new EpochStart(uuid(row, 1), row.getLong(2)));
    }

    @Override
    public void addEpoch(EpochStart epoch) {
        session.add("epochs", "epoch, first_seq", epoch.epoch(), epoch.firstSeq());
    }

    @Override
    public Optional<ItemRow> item(ItemId id) {
        return session.first(SELECT_ITEM + " WHERE id = ?", ItemColumns::row, id.value());
    }

    @Override
    public void putItem(ItemRow row) {
        session.put(
                "items",
                ItemColumns.LIST + ", fold_key",
                ItemColumns.values(new Object[0], row.item(), ItemColumns.state(row), row.foldKey()));
    }

    @Override
    public List<ItemRow> childrenByFoldKey(ItemId parent, String foldKey) {
        return session.list(
                SELECT_ITEM + " WHERE parent = ? AND state = 0 AND fold_key = ? ORDER BY id",
                ItemColumns::row,
                parent.value(),
                foldKey);
    }

    @Override
    public List<ItemRow> children(ItemId parent, Optional<ItemRow> after, int limit) {
        if (after.isEmpty()) {
            return session.list(
                    SELECT_ITEM + " WHERE parent = ? AND state = 0 ORDER BY fold_key, id LIMIT ?",
                    ItemColumns::row,
                    parent.value(),
                    limit);
        }
        return session.list(
                SELECT_ITEM
                        + " WHERE parent = ? AND state = 0 AND (fold_key, id) > (?, ?)"
                        + " ORDER BY fold_key, id LIMIT ?",
                ItemColumns::row,
                parent.value(),
                after.get().foldKey(),
                after.get().item().id().value(),
                limit);
    }

    @Override
    public List<ItemRow> buriedChildren(ItemId parent, int limit) {
        return session.list(
                SELECT_ITEM + " WHERE parent = ? AND state = 2 LIMIT ?", ItemColumns::row, parent.value(), limit);
    }

    @Override
    public List<ItemRow> itemsAfter(Optional<ItemId> after, int limit) {
        return session.list(
                SELECT_ITEM + " WHERE id > ? AND state = 0 ORDER BY id LIMIT ?",
                ItemColumns::row,
                SqliteSession.behind(after.map(ItemId::value)),
                limit);
    }

    @Override
    public boolean changedBelow(ItemId folder, long seq) {
        return session.has(BELOW + "SELECT 1 FROM below WHERE version > ?", folder.value(), seq);
    }

    @Override
    public boolean reaches(ItemId folder, int levels) {
        return session.has(
                FOLDERS_BELOW
                        + "SELECT 1 FROM folders f JOIN items i ON i.parent = f.id AND i.state = 0 WHERE f.level = ?",
                folder.value(),
                levels - 1,
                levels - 1);
    }

    @Override
    public Totals totalsBelow(ItemId folder) {
        return session.first(
                        BELOW + "SELECT count(*), coalesce(sum(size), 0) FROM below",
                        SqliteVaultTx::totals,
                        folder.value())
                .orElseThrow();
    }

    @Override
    public Totals totals() {
        return session.first(
                        "SELECT count(*), coalesce(sum(size), 0) FROM items WHERE state = 0", SqliteVaultTx::totals)
                .orElseThrow();
    }

    private static Totals totals(ResultSet row) throws SQLException {
        return new Totals(row.getLong(1), row.getLong(2));
    }

    @Override
    public List<ItemId> dying(int limit) {
        return session.list("SELECT folder FROM dying LIMIT ?", row -> new ItemId(uuid(row, 1)), limit);
    }

    @Override
    public void addDying(ItemId folder) {
        session.put("dying", "folder", folder.value());
    }

    @Override
    public void removeDying(ItemId folder) {
        session.update("DELETE FROM dying WHERE folder = ?", folder.value());
    }

    @Override
    public void addVersion(VersionRow row) {
        session.put(
                "versions",
                "item, " + VERSION_COLUMNS,
                row.item().value(),
                row.contentVersion(),
                row.content().id(),
                row.content().size(),
                row.target(),
                row.parents().stream().map(String::valueOf).collect(Collectors.joining(",")),
                row.device().value(),
                row.at());
    }

    @Override
    public Optional<VersionRow> version(ItemId item, long contentVersion) {
        return session.first(
                SELECT_VERSION + " WHERE item = ? AND content_version = ?",
                row -> version(item, row),
                item.value(),
                contentVersion);
    }

    @Override
    public List<VersionRow> versions(ItemId item, long before, int limit) {
        return session.list(
                SELECT_VERSION + " WHERE item = ? AND content_version < ? ORDER BY content_version DESC LIMIT ?",
                row -> version(item, row),
                item.value(),
                before,
                limit);
    }

    private static VersionRow version(ItemId item, ResultSet row) throws SQLException {
        String parents = row.getString(5);
        return new VersionRow(
                item,
                row.getLong(1),
                new ContentRef(hash(row, 2), row.getLong(3)),
                optionalText(row, 4),
                parents.isEmpty() ? List.of() : Arrays.stream(parents.split(",")).map(Long::valueOf).toList(),
                new DeviceId(uuid(row, 6)),
                instant(row, 7));
    }

    @Override
    public void appendEvent(LogEvent event) {
        session.add(
                "events",
                EVENT_COLUMNS,
                event.seq(),
                event.tag(),
                event.time(),
                event.device().value(),
                event.opId().batch(),
                event.opId().n(),
                event.op(),
                event.confirmed());
        int n = 0;
        for (Item item : event.items()) {
            session.add(
                    "event_items",
                    "seq, n, " + ItemColumns.LIST,
                    ItemColumns.values(
                            new Object[] {event.seq(), n++},
                            item,
                            item.deleted() ? ItemColumns.DELETED : ItemColumns.LIVES));
        }
    }

    @Override
    public List<LogEvent> events(long after, int limit) {
        return session.list(
                "SELECT " + EVENT_COLUMNS + " FROM events WHERE seq > ? ORDER BY seq LIMIT ?",
                row ->
                        new LogEvent(
                                row.getLong(1),
                                row.getString(2),
                                instant(row, 3),
                                new DeviceId(uuid(row, 4)),
                                new OpId(uuid(row, 5), row.getInt(6)),
                                row.getString(7),
                                eventItems(row.getLong(1)),
                                row.getInt(8) != 0),
                after,
                limit);
    }

    private List<Item> eventItems(long seq) {
        return session.list(
                "SELECT " + ItemColumns.LIST + " FROM event_items WHERE seq = ? ORDER BY n",
                row -> ItemColumns.item(row, 1),
                seq);
    }

    @Override
    public List<ItemId> changedAfter(long after, int limit) {
        return session.list(
                "SELECT DISTINCT id FROM event_items WHERE seq > ? LIMIT ?",
                row -> new ItemId(uuid(row, 1)),
                after,
                limit);
    }

    @Override
    public Optional<String> eventTag(long seq) {
        return session.first("SELECT tag FROM events WHERE seq = ?", row -> row.getString(1), seq);
    }

    @Override
    public void pruneEvents(long seq) {
        session.update("DELETE FROM events WHERE seq < ?", seq);
        session.update("DELETE FROM event_items WHERE seq < ?", seq);
    }

    @Override
    public Optional<OpResult> opResult(DeviceId device, OpId op) {
        return session.first(
                "SELECT hash, first_seq, seq, adopted, at_ms FROM ops WHERE device = ? AND batch = ? AND n = ?",
                row ->
                        new OpResult(
                                hash(row, 1),
                                row.getLong(2),
                                row.getLong(3),
                                optionalUuid(row, 4).map(ItemId::new),
                                Instant.ofEpochMilli(row.getLong(5))),
                device.value(),
                op.batch(),
                op.n());
    }

    @Override
    public void putOpResult(DeviceId device, OpId op, OpResult result) {
        session.put(
                "ops",
                "device, batch, n, hash, first_seq, seq, adopted, at_ms",
                device.value(),
                op.batch(),
                op.n(),
                result.mutationHash(),
                result.firstSeq(),
                result.seq(),
                result.adopted().map(ItemId::value),
                result.at().toEpochMilli());
    }

    @Override
    public Optional<Bytes> inline(Hash id) {
        return session.first("SELECT bytes FROM inline_contents WHERE id = ?", row -> Bytes.of(row.getBytes(1)), id);
    }

    @Override
    public void putInline(Hash id, Bytes bytes) {
        session.put("inline_contents", "id, bytes", id, bytes);
    }

    @Override
    public Optional<ChunkRow> chunk(Hash hash) {
        return session.first("SELECT " + CHUNK_COLUMNS + " FROM chunks WHERE hash = ?", SqliteVaultTx::chunkRow, hash);
    }

    private static ChunkRow chunkRow(ResultSet row) throws SQLException {
        return new ChunkRow(new Chunk(hash(row, 1), row.getInt(2)), row.getString(3), row.getInt(4) != 0);
    }

    @Override
    public void putChunk(ChunkRow row) {
        session.put("chunks", CHUNK_COLUMNS, row.chunk().hash(), row.chunk().length(), row.key(), row.live());
    }

    @Override
    public Optional<Manifest> manifest(Hash id) {
        return session.first(
                "SELECT size, chunks FROM manifests WHERE id = ?",
                row -> new Manifest(row.getLong(1), decoded(row.getBytes(2))),
                id);
    }

    @Override
    public void putManifest(Hash id, Manifest manifest) {
        session.put("manifests", "id, size, chunks", id, manifest.size(), encoded(manifest.chunks()));
    }

    private static Bytes encoded(List<Chunk> chunks) {
        ByteBuffer buffer = ByteBuffer.allocate(chunks.size() * CHUNK_ENTRY_BYTES);
        for (Chunk chunk : chunks) {
            buffer.put(chunk.hash().bytes()).putInt(chunk.length());
        }
        return Bytes.of(buffer.array());
    }

    private static List<Chunk> decoded(byte[] entries) {
        ByteBuffer buffer = ByteBuffer.wrap(entries);
        List<Chunk> chunks = new ArrayList<>();
        while (buffer.hasRemaining()) {
            byte[] hash = new byte[Hash.BYTES];
            buffer.get(hash);
            chunks.add(new Chunk(Hash.fromBytes(hash), buffer.getInt()));
        }
        return chunks;
    }
}
