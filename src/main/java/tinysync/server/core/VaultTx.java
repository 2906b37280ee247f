package tinysync.server.core;

import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;
import tinysync.tree.LogEvent;
import tinysync.tree.OpId;
import tinysync.wire.EpochStart;

import java.util.List;
import java.util.Optional;

/**
 * Row operations inside one transaction of one vault. No rules: a store writes what it is told, and replaces a row of
 * the same key. For one thread, valid only while the transaction runs. {@code limit} is at least 1 everywhere.
 */
public interface VaultTx {

    /** Empty only before {@link VaultRules#create}. */
    Optional<VaultState> state();

    void putState(VaultState state);

    /** In ascending order of {@code firstSeq}; the last one is the current epoch. */
    List<EpochStart> epochs();

    void addEpoch(EpochStart epoch);

    Optional<ItemRow> item(ItemId id);

    void putItem(ItemRow row);

    /** The children of {@code parent} with this fold key whose own rows are not deleted; in a portable vault 0 or 1. */
    List<ItemRow> childrenByFoldKey(ItemId parent, String foldKey);

    /** The children whose own rows are not deleted, ordered by (fold key, id) in byte order, behind {@code after}. */
    List<ItemRow> children(ItemId parent, Optional<ItemRow> after, int limit);

    /** The buried children, in any order. */
    List<ItemRow> buriedChildren(ItemId parent, int limit);

    /** Rows that are not deleted, ordered by id, behind {@code after}. */
    List<ItemRow> itemsAfter(Optional<ItemId> after, int limit);

    /**
     * Whether a row below {@code folder}, reached through rows that are not deleted, has a version above {@code seq}.
     */
    boolean changedBelow(ItemId folder, long seq);

    /**
     * Whether a row lies {@code levels} (1: a child) below {@code folder}, reached through rows that are not deleted.
     */
    boolean reaches(ItemId folder, int levels);

    /** How many rows lie below {@code folder}, and their bytes, reached through rows that are not deleted. */
    Totals totalsBelow(ItemId folder);

    /** Rows that are not deleted, and their bytes. */
    Totals totals();

    /** Dead folders whose children are not all buried yet, in any order. */
    List<ItemId> dying(int limit);

    void addDying(ItemId folder);

    void removeDying(ItemId folder);

    void addVersion(VersionRow row);

    Optional<VersionRow> version(ItemId item, long contentVersion);

    /** Newest first, those with a content version below {@code before}. */
    List<VersionRow> versions(ItemId item, long before, int limit);

    void appendEvent(LogEvent event);

    /** In seq order, those with a seq above {@code after}. */
    List<LogEvent> events(long after, int limit);

    /** The items that the events with a seq above {@code after} name, each once, in any order. */
    List<ItemId> changedAfter(long after, int limit);

    /** The tag of the event at {@code seq}; empty where there is none (any more). */
    Optional<String> eventTag(long seq);

    /** Forgets events with a seq below {@code seq}. */
    void pruneEvents(long seq);

    Optional<OpResult> opResult(DeviceId device, OpId op);

    void putOpResult(DeviceId device, OpId op, OpResult result);

    /** Small content by its id. */
    Optional<Bytes> inline(Hash id);

    void putInline(Hash id, Bytes bytes);

    Optional<ChunkRow> chunk(Hash hash);

    void putChunk(ChunkRow row);

    /** The manifest of content of several chunks, by the content's id. */
    Optional<Manifest> manifest(Hash id);

    void putManifest(Hash id, Manifest manifest);
}
