package tinysync.server.store;

import tinysync.server.core.DeviceRow;
import tinysync.server.core.GrantRow;
import tinysync.server.core.GroupId;
import tinysync.server.core.GroupRow;
import tinysync.server.core.InviteId;
import tinysync.server.core.InviteRow;
import tinysync.server.core.RegistryTx;
import tinysync.server.core.VaultRow;
import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;
import tinysync.tree.VaultId;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

/** The registry's rows as sorted maps. */
final class MemoryRegistryTx implements RegistryTx {
    /** UUIDs in the order of their bytes, as a database has them. */
    private static final Comparator<UUID> BY_BYTES = Comparator.comparing(ItemId::new);

    private record Pair(UUID left, UUID right) {}

    private static final Comparator<Pair> BY_PAIR =
            Comparator.comparing(Pair::left, BY_BYTES).thenComparing(Pair::right, BY_BYTES);

    private final UndoLog undo;
    private final Map<String, String> settings = new HashMap<>();
    private final TreeMap<UUID, VaultRow> vaults = new TreeMap<>(BY_BYTES);
    private final TreeMap<UUID, DeviceRow> devices = new TreeMap<>(BY_BYTES);
    private final TreeMap<UUID, GroupRow> groups = new TreeMap<>(BY_BYTES);
    private final TreeMap<UUID, InviteRow> invites = new TreeMap<>(BY_BYTES);
    private final TreeMap<Pair, GrantRow> grants = new TreeMap<>(BY_PAIR);
    private final Set<Pair> members = new TreeSet<>(BY_PAIR);
    private final Set<Pair> inviteUses = new TreeSet<>(BY_PAIR);

    MemoryRegistryTx(UndoLog undo) {
        this.undo = undo;
    }

    private static <R> List<R> page(TreeMap<UUID, R> rows, Optional<UUID> after, int limit) {
        return after.map(id -> rows.tailMap(id, false)).orElse(rows).values().stream().limit(limit).toList();
    }

    private static <R> Optional<R> named(Map<UUID, R> rows, Function<R, String> name, String wanted) {
        return rows.values().stream().filter(row -> name.apply(row).equals(wanted)).findFirst();
    }

    private void removeAll(Set<Pair> pairs, Function<Pair, UUID> side, UUID id) {
        List<Pair> found = pairs.stream().filter(p -> side.apply(p).equals(id)).toList();
        found.forEach(pair -> undo.remove(pairs, pair));
    }

    @Override
    public Optional<String> setting(String key) {
        return Optional.ofNullable(settings.get(key));
    }

    @Override
    public void putSetting(String key, String value) {
        undo.put(settings, key, value);
    }

    @Override
    public Optional<VaultRow> vault(VaultId id) {
        return Optional.ofNullable(vaults.get(id.value()));
    }

    @Override
    public Optional<VaultRow> vaultNamed(String name) {
        return named(vaults, VaultRow::name, name);
    }

    @Override
    public List<VaultRow> vaults(Optional<VaultId> after, int limit) {
        return page(vaults, after.map(VaultId::value), limit);
    }

    @Override
    public void putVault(VaultRow row) {
        undo.put(vaults, row.id().value(), row);
    }

    @Override
    public void removeVault(VaultId id) {
        List<GrantRow> on = grants.values().stream().filter(g -> g.vault().equals(id)).toList();
        on.forEach(grant -> removeGrant(grant.group(), id));
        undo.remove(vaults, id.value());
    }

    @Override
    public Optional<DeviceRow> device(DeviceId id) {
        return Optional.ofNullable(devices.get(id.value()));
    }

    @Override
    public List<DeviceRow> devices(Optional<DeviceId> after, int limit) {
        return page(devices, after.map(DeviceId::value), limit);
    }

    @Override
    public void putDevice(DeviceRow row) {
        undo.put(devices, row.id().value(), row);
    }

    @Override
    public Optional<GroupRow> group(GroupId id) {
        return Optional.ofNullable(groups.get(id.value()));
    }

    @Override
    public Optional<GroupRow> groupNamed(String name) {
        return named(groups, GroupRow::name, name);
    }

    @Override
    public List<GroupRow> groups(Optional<GroupId> after, int limit) {
        return page(groups, after.map(GroupId::value), limit);
    }

    @Override
    public void putGroup(GroupRow row) {
        undo.put(groups, row.id().value(), row);
    }

    @Override
    public void removeGroup(GroupId id) {
        List<InviteRow> own = invites.values().stream().filter(i -> i.group().equals(id)).toList();
        own.forEach(invite -> removeInvite(invite.id()));
        grantsOf(id).forEach(grant -> removeGrant(id, grant.vault()));
        removeAll(members, Pair::left, id.value());
        undo.remove(groups, id.value());
    }

    @Override
    public void addMember(GroupId group, DeviceId device) {
        undo.add(members, new Pair(group.value(), device.value()));
    }

    @Override
    public void removeMember(GroupId group, DeviceId device) {
        undo.remove(members, new Pair(group.value(), device.value()));
    }

    @Override
    public List<DeviceId> members(GroupId group, Optional<DeviceId> after, int limit) {
        return members.stream()
                .filter(pair -> pair.left().equals(group.value()))
                .filter(pair -> after.isEmpty() || BY_BYTES.compare(pair.right(), after.get().value()) > 0)
                .limit(limit)
                .map(pair -> new DeviceId(pair.right()))
                .toList();
    }

    @Override
    public List<GroupId> groupsOf(DeviceId device) {
        return members.stream()
                .filter(pair -> pair.right().equals(device.value()))
                .map(pair -> new GroupId(pair.left()))
                .toList();
    }

    @Override
    public void removeMemberships(DeviceId device) {
        removeAll(members, Pair::right, device.value());
    }

    @Override
    public void putGrant(GrantRow row) {
        undo.put(grants, new Pair(row.group().value(), row.vault().value()), row);
    }

    @Override
    public void removeGrant(GroupId group, VaultId vault) {
        undo.remove(grants, new Pair(group.value(), vault.value()));
    }

    @Override
    public List<GrantRow> grantsOf(GroupId group) {
        return grants.values().stream().filter(g -> g.group().equals(group)).toList();
    }

    @Override
    public Optional<InviteRow> invite(InviteId id) {
        return Optional.ofNullable(invites.get(id.value()));
    }

    @Override
    public List<InviteRow> invites(Optional<InviteId> after, int limit) {
        return page(invites, after.map(InviteId::value), limit);
    }

    @Override
    public void putInvite(InviteRow row) {
        undo.put(invites, row.id().value(), row);
    }

    @Override
    public void removeInvite(InviteId id) {
        removeAll(inviteUses, Pair::left, id.value());
        undo.remove(invites, id.value());
    }

    @Override
    public boolean inviteUsedBy(InviteId invite, DeviceId device) {
        return inviteUses.contains(new Pair(invite.value(), device.value()));
    }

    @Override
    public void addInviteUse(InviteId invite, DeviceId device) {
        undo.add(inviteUses, new Pair(invite.value(), device.value()));
    }
}
