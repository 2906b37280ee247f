package tinysync.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tinysync.content.Chunk;
import tinysync.content.Chunking;
import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.server.core.Bytes;
import tinysync.server.core.ChunkRow;
import tinysync.server.core.DeviceRow;
import tinysync.server.core.GrantRow;
import tinysync.server.core.GroupId;
import tinysync.server.core.GroupRow;
import tinysync.server.core.InviteId;
import tinysync.server.core.InviteRow;
import tinysync.server.core.ItemRow;
import tinysync.server.core.NamePolicy;
import tinysync.server.core.OpResult;
import tinysync.server.core.Store;
import tinysync.server.core.StoreException;
import tinysync.server.core.Totals;
import tinysync.server.core.VaultPolicy;
import tinysync.server.core.VaultRow;
import tinysync.server.core.VaultState;
import tinysync.server.core.VaultStore;
import tinysync.server.core.VaultTx;
import tinysync.server.core.VersionRow;
import tinysync.tree.Cursor;
import tinysync.tree.DeviceId;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Kind;
import tinysync.tree.LogEvent;
import tinysync.tree.OpId;
import tinysync.tree.VaultId;
import tinysync.tree.Versions;
import tinysync.wire.EpochStart;
import tinysync.wire.Role;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** What every store must do; the subclasses say which store. */
abstract class StoreContract {
    private static final Instant NOW = Instant.parse("2026-11-21T07:45:00.123456789Z");
    private static final VaultId VAULT = new VaultId(new UUID(7, 7));
    private static final DeviceId DEVICE = new DeviceId(new UUID(8, 8));
    private static final ItemId ROOT = id(1);

    private Store store;
    private VaultStore vault;

    abstract Store open();

    @BeforeEach
    void openStore() {
        store = open();
        vault = store.vault(VAULT);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private static ItemId id(long n) {
        return new ItemId(new UUID(n, n));
    }

    private static Hash hash(String text) {
        return Hash.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(Consumer<VaultTx> work) {
        vault.write(
                tx -> {
                    work.accept(tx);
                    return true;
                });
    }

    private static Item file(ItemId id, ItemId parent, String name, long size, long version) {
        return new Item(
                id,
                Optional.of(parent),
                name,
                Kind.FILE,
                Optional.of(new ContentRef(hash(name), size)),
                Optional.empty(),
                0640,
                Optional.of(NOW),
                Versions.all(version),
                false,
                Optional.of(DEVICE),
                "{\"k\":1}");
    }

    private static Item folder(ItemId id, ItemId parent, String name, long version) {
        return new Item(
                id,
                Optional.of(parent),
                name,
                Kind.FOLDER,
                Optional.empty(),
                Optional.empty(),
                0755,
                Optional.empty(),
                Versions.all(version),
                false,
                Optional.of(DEVICE),
                "{}");
    }

    private static Item dead(Item item) {
        return item.withDeleted(true, item.versions(), DEVICE);
    }

    @Test
    void aNewVaultIsEmpty() {
        assertEquals(Optional.empty(), vault.read(VaultTx::state));
        assertEquals(List.of(), vault.read(VaultTx::epochs));
        assertEquals(new Totals(0, 0), vault.read(VaultTx::totals));
    }

    @Test
    void theStateComesBackAsItWasPut() {
        VaultPolicy policy =
                new VaultPolicy(
                        NamePolicy.EXACT,
                        List.of("*.md", "notes/**"),
                        Optional.of(Duration.ofDays(30)),
                        Optional.of(1L << 40),
                        new Chunking(64, 128, 256));
        Cursor head = new Cursor(new UUID(3, 4), 12, "0123456789abcdef");
        VaultState state = new VaultState(ROOT, head, 5, 99, policy, "{\"a\":\"ü\"}");
        write(tx -> tx.putState(new VaultState(ROOT, head, 1, 0, VaultPolicy.DEFAULT, "{}")));
        assertEquals(VaultPolicy.DEFAULT, vault.read(tx -> tx.state().orElseThrow().policy()));
        write(tx -> tx.putState(state));
        assertEquals(Optional.of(state), vault.read(VaultTx::state));
    }

    @Test
    void epochsKeepTheirOrderAlsoWhenOneHasNoEvent() {
        List<EpochStart> epochs =
                List.of(
                        new EpochStart(new UUID(9, 9), 1),
                        new EpochStart(new UUID(-1, 1), 5),
                        new EpochStart(new UUID(2, 2), 5));
        write(tx -> epochs.forEach(tx::addEpoch));
        assertEquals(epochs, vault.read(VaultTx::epochs));
    }

    @Test
    void itemsOfEveryShapeComeBackAsTheyWerePut() {
        Item link =
                new Item(
                        id(4),
                        Optional.of(ROOT),
                        "l\uD83D\uDE00",
                        new Kind("future"),
                        Optional.of(new ContentRef(hash("x"), 1)),
                        Optional.of("../x"),
                        0777,
                        Optional.of(Instant.parse("-4000-01-01T00:00:00.000000001Z")),
                        new Versions(3, 2, 1),
                        false,
                        Optional.of(DEVICE),
                        "{}");
        List<ItemRow> rows =
                List.of(
                        ItemRow.of(Item.root(ROOT)),
                        ItemRow.of(file(id(2), ROOT, "A.txt", 5, 2)),
                        new ItemRow(dead(folder(id(3), ROOT, "F", 3)), "f", true),
                        ItemRow.of(link));
        write(tx -> rows.forEach(tx::putItem));
        for (ItemRow row : rows) {
            assertEquals(Optional.of(row), vault.read(tx -> tx.item(row.item().id())));
        }
        assertEquals(Optional.empty(), vault.read(tx -> tx.item(id(99))));
    }

    @Test
    void childrenAreOrderedByFoldKeyAndPagedWithoutTheDead() {
        ItemRow b = ItemRow.of(file(id(2), ROOT, "B", 1, 1));
        ItemRow a = ItemRow.of(file(id(3), ROOT, "a", 1, 1));
        ItemRow twin = ItemRow.of(file(id(4), ROOT, "A", 1, 1));
        ItemRow emoji = ItemRow.of(file(id(5), ROOT, "\uD83D\uDE00", 1, 1));
        ItemRow wide = ItemRow.of(file(id(6), ROOT, "\uFF21x", 1, 1));
        ItemRow gone = ItemRow.of(dead(file(id(7), ROOT, "c", 1, 1)));
        write(tx -> List.of(emoji, wide, gone, twin, a, b).forEach(tx::putItem));
        assertEquals(List.of(a, twin, b, wide, emoji), vault.read(tx -> tx.children(ROOT, Optional.empty(), 100)));
        assertEquals(List.of(twin, b), vault.read(tx -> tx.children(ROOT, Optional.of(a), 2)));
        assertEquals(List.of(a, twin), vault.read(tx -> tx.childrenByFoldKey(ROOT, "a")));
        assertEquals(List.of(), vault.read(tx -> tx.childrenByFoldKey(ROOT, "c")));
    }

    @Test
    void aMovedItemIsFoundAtItsNewPlaceOnly() {
        Item item = file(id(3), ROOT, "a", 1, 1);
        write(
                tx -> {
                    tx.putItem(ItemRow.of(folder(id(2), ROOT, "d", 1)));
                    tx.putItem(ItemRow.of(item));
                    tx.putItem(ItemRow.of(item.withPlace(id(2), "z", item.versions(), DEVICE)));
                });
        assertEquals(List.of(), vault.read(tx -> tx.childrenByFoldKey(ROOT, "a")));
        assertEquals(1, vault.read(tx -> tx.childrenByFoldKey(id(2), "z")).size());
    }

    @Test
    void itemsArePagedByTheUnsignedOrderOfIds() {
        ItemId high = new ItemId(new UUID(-1, 0));
        ItemRow low = ItemRow.of(file(id(2), ROOT, "b", 1, 1));
        ItemRow top = ItemRow.of(file(high, ROOT, "a", 1, 1));
        ItemRow dead = ItemRow.of(dead(file(id(3), ROOT, "c", 1, 1)));
        ItemRow buried = new ItemRow(dead(file(id(4), id(3), "d", 1, 1)), "d", true);
        write(tx -> List.of(top, low, dead, buried).forEach(tx::putItem));
        assertEquals(List.of(low, top), vault.read(tx -> tx.itemsAfter(Optional.empty(), 10)));
        assertEquals(List.of(top), vault.read(tx -> tx.itemsAfter(Optional.of(id(2)), 10)));
        assertEquals(List.of(low), vault.read(tx -> tx.itemsAfter(Optional.empty(), 1)));
        assertEquals(List.of(buried), vault.read(tx -> tx.buriedChildren(id(3), 10)));
    }

    @Test
    void whatLiesBelowIsSummedThroughWhatLives() {
        write(
                tx -> {
                    tx.putItem(ItemRow.of(Item.root(ROOT)));
                    tx.putItem(ItemRow.of(folder(id(2), ROOT, "d", 1)));
                    tx.putItem(ItemRow.of(file(id(3), id(2), "a", 10, 4)));
                    tx.putItem(ItemRow.of(folder(id(4), id(2), "e", 2)));
                    tx.putItem(ItemRow.of(file(id(5), id(4), "b", 20, 9)));
                    tx.putItem(ItemRow.of(dead(folder(id(6), id(2), "g", 11))));
                    tx.putItem(ItemRow.of(file(id(7), id(6), "c", 40, 12)));
                });
        assertTrue(vault.<Boolean>read(tx -> tx.changedBelow(id(2), 8)));
        assertFalse(vault.<Boolean>read(tx -> tx.changedBelow(id(2), 9)));
        assertFalse(vault.<Boolean>read(tx -> tx.changedBelow(id(3), 0)));
        assertTrue(vault.<Boolean>read(tx -> tx.reaches(id(4), 1)));
        assertTrue(vault.<Boolean>read(tx -> tx.reaches(id(2), 2)));
        assertFalse(vault.<Boolean>read(tx -> tx.reaches(id(2), 3)));
        assertFalse(vault.<Boolean>read(tx -> tx.reaches(id(3), 1)));
        assertTrue(vault.<Boolean>read(tx -> tx.reaches(ROOT, 3)));
        assertEquals(new Totals(3, 30), vault.read(tx -> tx.totalsBelow(id(2))));
        assertEquals(new Totals(6, 70), vault.read(VaultTx::totals));
    }

    @Test
    void dyingFoldersAreRemembered() {
        write(
                tx -> {
                    tx.addDying(id(2));
                    tx.addDying(id(2));
                    tx.addDying(id(3));
                    tx.removeDying(id(2));
                });
        assertEquals(List.of(id(3)), vault.read(tx -> tx.dying(10)));
    }

    @Test
    void versionsComeNewestFirst() {
        VersionRow first =
                new VersionRow(id(2), 1, new ContentRef(hash("a"), 1), Optional.empty(), List.of(), DEVICE, NOW);
        VersionRow second =
                new VersionRow(id(2), 7, new ContentRef(hash("b"), 2), Optional.of("t"), List.of(1L, 3L), DEVICE, NOW);
        write(
                tx -> {
                    tx.addVersion(first);
                    tx.addVersion(second);
                });
        assertEquals(List.of(second, first), vault.read(tx -> tx.versions(id(2), Long.MAX_VALUE, 10)));
        assertEquals(List.of(first), vault.read(tx -> tx.versions(id(2), 7, 10)));
        assertEquals(Optional.of(second), vault.read(tx -> tx.version(id(2), 7)));
        assertEquals(Optional.empty(), vault.read(tx -> tx.version(id(2), 2)));
    }

    private static LogEvent event(long seq) {
        List<Item> items =
                List.of(file(id(5), ROOT, "x" + seq, 1, seq), dead(file(id(4), ROOT, "y", 1, seq)), Item.root(ROOT));
        OpId op = new OpId(new UUID(1, 2), (int) seq);
        return new LogEvent(seq, "00000000000000a" + seq, NOW, DEVICE, op, "move_rename", items, seq == 2);
    }

    @Test
    void eventsComeBackInOrderWithTheirViews() {
        write(tx -> List.of(event(1), event(2), event(3)).forEach(tx::appendEvent));
        assertEquals(List.of(event(2), event(3)), vault.read(tx -> tx.events(1, 10)));
        assertEquals(List.of(event(1)), vault.read(tx -> tx.events(0, 1)));
        assertEquals(Set.of(id(1), id(4), id(5)), Set.copyOf(vault.read(tx -> tx.changedAfter(1, 10))));
        assertEquals(3, vault.read(tx -> tx.changedAfter(0, 10)).size());
        assertEquals(2, vault.read(tx -> tx.changedAfter(0, 2)).size());
        assertEquals(List.of(), vault.read(tx -> tx.changedAfter(3, 10)));
        assertEquals(Optional.of("00000000000000a2"), vault.read(tx -> tx.eventTag(2)));
        write(tx -> tx.pruneEvents(3));
        assertEquals(List.of(event(3)), vault.read(tx -> tx.events(0, 10)));
        assertEquals(Optional.empty(), vault.read(tx -> tx.eventTag(2)));
    }

    @Test
    void resultsAreKeptByDeviceAndOp() {
        OpId op = new OpId(new UUID(1, 1), 0);
        Instant at = Instant.parse("2026-11-21T07:45:00.123Z");
        OpResult result = new OpResult(hash("m"), 4, 5, Optional.of(id(9)), at);
        write(tx -> tx.putOpResult(DEVICE, op, result));
        assertEquals(Optional.of(result), vault.read(tx -> tx.opResult(DEVICE, op)));
        assertEquals(Optional.empty(), vault.read(tx -> tx.opResult(new DeviceId(new UUID(0, 1)), op)));
    }

    @Test
    void contentsChunksAndManifestsAreKept() {
        Chunk a = new Chunk(hash("a"), 1);
        Chunk b = new Chunk(hash("b"), 70_000);
        Manifest manifest = Manifest.of(List.of(b, a, b));
        Bytes bytes = Bytes.of(new byte[] {0, 1, -1});
        write(
                tx -> {
                    tx.putInline(hash("i"), bytes);
                    tx.putChunk(new ChunkRow(a, "k/a", true));
                    tx.putChunk(new ChunkRow(b, "k/b", true));
                    tx.putChunk(new ChunkRow(b, "k/b2", false));
                    tx.putManifest(manifest.id(), manifest);
                });
        assertEquals(Optional.of(bytes), vault.read(tx -> tx.inline(hash("i"))));
        assertEquals(Optional.of(new ChunkRow(b, "k/b2", false)), vault.read(tx -> tx.chunk(b.hash())));
        assertEquals(Optional.of(manifest), vault.read(tx -> tx.manifest(manifest.id())));
        assertEquals(Optional.of(new ChunkRow(a, "k/a", true)), vault.read(tx -> tx.chunk(a.hash())));
        assertEquals(Optional.empty(), vault.read(tx -> tx.chunk(hash("c"))));
    }

    @Test
    void whatThrowsLeavesNothingBehind() {
        write(tx -> tx.putItem(ItemRow.of(file(id(2), ROOT, "a", 1, 1))));
        assertThrows(
                IllegalStateException.class,
                () ->
                        write(
                                tx -> {
                                    tx.putItem(ItemRow.of(file(id(2), id(9), "b", 1, 2)));
                                    tx.putItem(ItemRow.of(file(id(3), ROOT, "c", 1, 2)));
                                    tx.addDying(id(3));
                                    throw new IllegalStateException("half way");
                                }));
        assertEquals("a", vault.read(tx -> tx.item(id(2)).orElseThrow().item().name()));
        assertEquals(1, vault.read(tx -> tx.childrenByFoldKey(ROOT, "a")).size());
        assertEquals(Optional.empty(), vault.read(tx -> tx.item(id(3))));
        assertEquals(List.of(), vault.read(tx -> tx.dying(10)));
        write(tx -> tx.addDying(id(4)));
        assertEquals(List.of(id(4)), vault.read(tx -> tx.dying(10)));
    }

    @Test
    void aReadCannotWrite() {
        assertThrows(
                StoreException.class,
                () ->
                        vault.read(
                                tx -> {
                                    tx.addDying(id(4));
                                    return true;
                                }));
        assertThrows(
                StoreException.class,
                () ->
                        store.registryRead(
                                tx -> {
                                    tx.putSetting("k", "v");
                                    return true;
                                }));
        assertEquals(List.of(), vault.read(tx -> tx.dying(10)));
        assertEquals(Optional.empty(), store.registryRead(tx -> tx.setting("k")));
    }

    @Test
    void aTransactionInsideATransactionIsRefused() {
        assertThrows(IllegalStateException.class, () -> vault.write(tx -> vault.write(inner -> 1)));
        write(tx -> tx.addDying(id(4)));
        assertEquals(List.of(id(4)), vault.read(tx -> tx.dying(10)));
    }

    @Test
    void theRegistryIsReadWhileAVaultIsWritten() {
        store.registry(
                tx -> {
                    tx.putSetting("k", "v");
                    return true;
                });
        assertEquals(Optional.of("v"), vault.write(tx -> store.registryRead(registry -> registry.setting("k"))));
    }

    @Test
    void vaultsAreApartAndDroppedForGood() {
        VaultId other = new VaultId(new UUID(7, 8));
        write(tx -> tx.addDying(id(2)));
        assertEquals(List.of(), store.vault(other).read(tx -> tx.dying(10)));
        store.dropVault(VAULT);
        store.dropVault(VAULT);
        assertEquals(List.of(), store.vault(VAULT).read(tx -> tx.dying(10)));
    }

    private static InviteRow invite(GroupId group, Optional<DeviceId> minter) {
        return new InviteRow(new InviteId(new UUID(4, 4)), hash("i"), group, Role.WRITE, 3, NOW, NOW, minter);
    }

    @Test
    void theRegistryKeepsItsRows() {
        GroupRow group = new GroupRow(new GroupId(new UUID(5, 5)), "everyone", NOW);
        VaultRow row = new VaultRow(VAULT, "main", NOW);
        DeviceRow device = new DeviceRow(DEVICE, "laptop", hash("s"), Optional.of(new UUID(6, 6)), false, NOW, NOW);
        InviteRow invite = invite(group.id(), Optional.of(DEVICE));
        store.registry(
                tx -> {
                    tx.putSetting("k", "v");
                    tx.putSetting("k", "w");
                    tx.putVault(row);
                    tx.putDevice(device);
                    tx.putGroup(group);
                    tx.addMember(group.id(), DEVICE);
                    tx.addMember(group.id(), DEVICE);
                    tx.putGrant(new GrantRow(group.id(), VAULT, Role.READ));
                    tx.putGrant(new GrantRow(group.id(), VAULT, Role.MANAGE));
                    tx.putInvite(invite);
                    tx.addInviteUse(invite.id(), DEVICE);
                    return true;
                });
        assertEquals(Optional.of("w"), store.registryRead(tx -> tx.setting("k")));
        assertEquals(Optional.of(row), store.registryRead(tx -> tx.vaultNamed("main")));
        assertEquals(List.of(row), store.registryRead(tx -> tx.vaults(Optional.empty(), 5)));
        assertEquals(List.of(), store.registryRead(tx -> tx.vaults(Optional.of(VAULT), 5)));
        assertEquals(Optional.of(device), store.registryRead(tx -> tx.device(DEVICE)));
        assertEquals(List.of(device), store.registryRead(tx -> tx.devices(Optional.empty(), 5)));
        assertEquals(Optional.of(group), store.registryRead(tx -> tx.groupNamed("everyone")));
        assertEquals(List.of(group), store.registryRead(tx -> tx.groups(Optional.empty(), 5)));
        assertEquals(List.of(DEVICE), store.registryRead(tx -> tx.members(group.id(), Optional.empty(), 5)));
        assertEquals(List.of(), store.registryRead(tx -> tx.members(group.id(), Optional.of(DEVICE), 5)));
        assertEquals(List.of(group.id()), store.registryRead(tx -> tx.groupsOf(DEVICE)));
        GrantRow grant = new GrantRow(group.id(), VAULT, Role.MANAGE);
        assertEquals(List.of(grant), store.registryRead(tx -> tx.grantsOf(group.id())));
        assertEquals(Optional.of(invite), store.registryRead(tx -> tx.invite(invite.id())));
        assertEquals(List.of(invite), store.registryRead(tx -> tx.invites(Optional.empty(), 5)));
        assertTrue(store.<Boolean>registryRead(tx -> tx.inviteUsedBy(invite.id(), DEVICE)));
    }

    @Test
    void removingAGroupTakesAllThatHangsOnIt() {
        GroupRow group = new GroupRow(new GroupId(new UUID(5, 5)), "everyone", NOW);
        InviteRow invite = invite(group.id(), Optional.empty());
        store.registry(
                tx -> {
                    tx.putGroup(group);
                    tx.addMember(group.id(), DEVICE);
                    tx.putGrant(new GrantRow(group.id(), VAULT, Role.READ));
                    tx.putInvite(invite);
                    tx.addInviteUse(invite.id(), DEVICE);
                    tx.removeGroup(group.id());
                    return true;
                });
        assertEquals(Optional.empty(), store.registryRead(tx -> tx.group(group.id())));
        assertEquals(List.of(), store.registryRead(tx -> tx.groupsOf(DEVICE)));
        assertEquals(List.of(), store.registryRead(tx -> tx.grantsOf(group.id())));
        assertEquals(Optional.empty(), store.registryRead(tx -> tx.invite(invite.id())));
        assertFalse(store.<Boolean>registryRead(tx -> tx.inviteUsedBy(invite.id(), DEVICE)));
    }

    @Test
    void onlyWhatWasNamedIsTakenAway() {
        GroupId group = new GroupId(new UUID(5, 5));
        GroupId other = new GroupId(new UUID(5, 6));
        DeviceId phone = new DeviceId(new UUID(8, 9));
        DeviceId tablet = new DeviceId(new UUID(8, 10));
        VaultId photos = new VaultId(new UUID(7, 8));
        store.registry(
                tx -> {
                    for (VaultId id : List.of(VAULT, photos)) {
                        tx.putVault(new VaultRow(id, id.toString(), NOW));
                        tx.putGrant(new GrantRow(group, id, Role.READ));
                        tx.putGrant(new GrantRow(other, id, Role.READ));
                    }
                    for (DeviceId device : List.of(DEVICE, phone)) {
                        tx.addMember(group, device);
                        tx.addMember(other, device);
                    }
                    tx.addMember(group, tablet);
                    tx.removeVault(photos);
                    tx.removeGrant(group, VAULT);
                    tx.removeMember(group, phone);
                    tx.removeMemberships(DEVICE);
                    return true;
                });
        assertEquals(List.of(VAULT), ids(store.registryRead(tx -> tx.vaults(Optional.empty(), 5)), VaultRow::id));
        assertEquals(List.of(), store.registryRead(tx -> tx.grantsOf(group)));
        assertEquals(List.of(new GrantRow(other, VAULT, Role.READ)), store.registryRead(tx -> tx.grantsOf(other)));
        assertEquals(List.of(tablet), store.registryRead(tx -> tx.members(group, Optional.empty(), 5)));
        assertEquals(List.of(phone), store.registryRead(tx -> tx.members(other, Optional.empty(), 5)));
    }

    private static <R, K> List<K> ids(List<R> rows, Function<R, K> id) {
        return rows.stream().map(id).toList();
    }

    @Test
    void theRegistryRollsBackToo() {
        assertThrows(
                IllegalStateException.class,
                () ->
                        store.registry(
                                tx -> {
                                    tx.putSetting("k", "v");
                                    throw new IllegalStateException("half way");
                                }));
        assertEquals(Optional.empty(), store.registryRead(tx -> tx.setting("k")));
    }
}
