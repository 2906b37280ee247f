package tinysync.server.core;

import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;
import tinysync.tree.VaultId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;
import tinysync.wire.Role;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Vault rows, groups, members and grants, by the admin or by devices that manage what they change. Every change here
 * may be repeated without a further effect.
 */
public final class AdminRules {
    private static final String AUTO_GROUP = "vault:";

    private AdminRules() {}

    /** A page of {@code rows}; {@code next} is the id to go on behind, empty at the end. */
    public record Page<R, K>(List<R> rows, Optional<K> next) {
        public Page {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Names a vault whose own rows exist already. Only the admin.
     *
     * @throws Refusal name_taken, bad_name, forbidden
     */
    public static VaultRow createVault(RegistryTx tx, Principal who, VaultId id, String name, Instant now) {
        AccessRules.requireAdmin(who);
        Names.checkUnique("vault name", name);
        if (tx.vaultNamed(name).isPresent()) {
            throw new Refusal(ErrorCode.NAME_TAKEN, "a vault has this name");
        }
        VaultRow row = new VaultRow(id, name, now);
        tx.putVault(row);
        return row;
    }

    public static VaultRow renameVault(RegistryTx tx, Principal who, VaultId id, String name) {
        AccessRules.requireRole(tx, who, id, Role.MANAGE);
        Names.checkUnique("vault name", name);
        if (tx.vaultNamed(name).filter(other -> !other.id().equals(id)).isPresent()) {
            throw new Refusal(ErrorCode.NAME_TAKEN, "a vault has this name");
        }
        VaultRow row = new VaultRow(id, name, tx.vault(id).orElseThrow().created());
        tx.putVault(row);
        return row;
    }

    /**
     * Takes the vault from the registry; nobody reaches it afterwards. Only the admin; its rows are dropped by the
     * caller.
     */
    public static void removeVault(RegistryTx tx, Principal who, VaultId id) {
        AccessRules.requireAdmin(who);
        tx.removeVault(id);
    }

    /** By id or by name. */
    public static Optional<VaultRow> findVault(RegistryTx tx, String idOrName) {
        return VaultId.tryParse(idOrName).map(tx::vault).orElseGet(() -> tx.vaultNamed(idOrName));
    }

    /** By id or by name. */
    public static Optional<GroupRow> findGroup(RegistryTx tx, String idOrName) {
        return ItemId.tryParse(idOrName)
                .map(id -> tx.group(new GroupId(id.value())))
                .orElseGet(() -> tx.groupNamed(idOrName));
    }

    /**
     * Makes the group, or gives it this name. A new one takes the admin or a device that manages any vault.
     *
     * @throws Refusal name_taken, bad_name, forbidden, not_found
     */
    public static GroupRow putGroup(RegistryTx tx, Principal who, GroupId id, String name, Instant now) {
        Optional<GroupRow> before = tx.group(id);
        if (before.filter(row -> row.name().equals(name)).isPresent() && AccessRules.managesAny(tx, who)) {
            return before.get();
        }
        Names.checkUnique("group name", name);
        if (before.isPresent()) {
            managedGroup(tx, who, id);
        } else if (!AccessRules.managesAny(tx, who)) {
            throw new Refusal(ErrorCode.FORBIDDEN, "making a group needs the admin token or manage on a vault");
        }
        if (tx.groupNamed(name).isPresent()) {
            throw new Refusal(ErrorCode.NAME_TAKEN, "a group has this name");
        }
        GroupRow row = new GroupRow(id, name, before.map(GroupRow::created).orElse(now));
        tx.putGroup(row);
        return row;
    }

    /** Removes a group with its members, grants and invites. Removing one that is gone changes nothing. */
    public static void removeGroup(RegistryTx tx, Principal who, GroupId id) {
        if (tx.group(id).isPresent()) {
            managedGroup(tx, who, id);
            tx.removeGroup(id);
        }
    }

    public static void addMember(RegistryTx tx, Principal who, GroupId group, DeviceId device) {
        managedGroup(tx, who, group);
        DeviceRow row = tx.device(device).orElseThrow(() -> new Refusal(ErrorCode.NOT_FOUND, "no such device"));
        if (row.revoked()) {
            throw new Refusal(ErrorCode.DEVICE_REVOKED, "this device was revoked");
        }
        tx.addMember(group, device);
    }

    public static void removeMember(RegistryTx tx, Principal who, GroupId group, DeviceId device) {
        managedGroup(tx, who, group);
        tx.removeMember(group, device);
    }

    /**
     * Grants the group this role in the vault, in place of another one. Takes manage on that vault, and a group that
     * {@code who} may change, or an empty one: whoever could make the first grant to other people's group would become
     * the one who manages it.
     */
    public static void putGrant(RegistryTx tx, Principal who, GroupId group, VaultId vault, Role role) {
        AccessRules.requireRole(tx, who, vault, Role.MANAGE);
        GroupRow row = tx.group(group).orElseThrow(AdminRules::noSuchGroup);
        if (row.name().startsWith(AUTO_GROUP)) {
            throw new Refusal(ErrorCode.FORBIDDEN, "what a group for invites grants is fixed");
        }
        if (!managesGroup(tx, who, group) && !isEmpty(tx, group)) {
            throw noSuchGroup();
        }
        tx.putGrant(new GrantRow(group, vault, role));
    }

    private static boolean isEmpty(RegistryTx tx, GroupId group) {
        return tx.grantsOf(group).isEmpty() && tx.members(group, Optional.empty(), 1).isEmpty();
    }

    public static void removeGrant(RegistryTx tx, Principal who, GroupId group, VaultId vault) {
        AccessRules.requireRole(tx, who, vault, Role.MANAGE);
        tx.removeGrant(group, vault);
    }

    /** Devices that {@code who} may know of: itself, and those in groups on vaults that it manages; the admin all. */
    public static Page<DeviceRow, DeviceId> devices(RegistryTx tx, Principal who, Optional<DeviceId> after, int limit) {
        List<DeviceRow> all = tx.devices(after, limit);
        List<DeviceRow> shown = new ArrayList<>(all);
        shown.removeIf(row -> !mayKnow(tx, who, row));
        Optional<DeviceId> next = all.size() < limit ? Optional.empty() : Optional.of(all.getLast().id());
        return new Page<>(shown, next);
    }

    /** Whether {@code who} may see this device in lists. */
    public static boolean mayKnow(RegistryTx tx, Principal who, DeviceRow row) {
        return switch (who) {
            case Principal.Admin admin -> true;
            case Principal.Device device ->
                    device.id().equals(row.id())
                            || AccessRules.reachable(tx, row.id()).stream()
                                    .anyMatch(reach -> AccessRules.managesAll(tx, who, List.of(reach.vault().id())));
        };
    }

    static boolean managesGroup(RegistryTx tx, Principal who, GroupId group) {
        return AccessRules.managesAll(tx, who, tx.grantsOf(group).stream().map(GrantRow::vault).toList());
    }

    /** The group, if {@code who} may change it; else it is not to be known of. */
    static GroupRow managedGroup(RegistryTx tx, Principal who, GroupId id) {
        GroupRow row = tx.group(id).orElseThrow(AdminRules::noSuchGroup);
        if (!managesGroup(tx, who, id)) {
            throw noSuchGroup();
        }
        return row;
    }

    private static Refusal noSuchGroup() {
        return new Refusal(ErrorCode.NOT_FOUND, "no such group");
    }
}
