package tinysync.server.core;

import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;
import tinysync.tree.VaultId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;
import tinysync.wire.Role;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Groups, their members and what they open, by the admin or by devices that manage what they change. Groups and vaults
 * are named by id or by name. Every change here may be repeated without a further effect.
 *
 * <p>A group that a device may not know of is answered exactly like one that is not there, so the group is always
 * judged first, before anything else that a request names.
 */
public final class GroupRules {
    private static final String AUTO_GROUP = "vault:";

    private GroupRules() {}

    /** By id or by name. */
    public static Optional<GroupRow> find(RegistryTx tx, String idOrName) {
        return ItemId.tryParse(idOrName)
                .map(id -> tx.group(new GroupId(id.value())))
                .orElseGet(() -> tx.groupNamed(idOrName));
    }

    /**
     * Makes the group with this id, or gives it this name. Only the admin makes groups under ids of its own choice:
     * else anybody could learn which are taken.
     *
     * @throws Refusal name_taken, bad_name, forbidden, not_found
     */
    public static GroupRow put(RegistryTx tx, Principal who, GroupId id, String name, Instant now) {
        requireManagesAny(tx, who);
        Optional<GroupRow> before = tx.group(id).filter(row -> mayUse(tx, who, id));
        if (before.isPresent()) {
            return before.get().name().equals(name) ? before.get() : rename(tx, managed(tx, who, id), name);
        }
        return switch (who) {
            case Principal.Admin admin -> named(tx, new GroupRow(id, name, now));
            case Principal.Device device -> throw noSuchGroup();
        };
    }

    /**
     * Gives a group another name.
     *
     * @throws Refusal name_taken, bad_name, forbidden, not_found
     */
    public static GroupRow rename(RegistryTx tx, Principal who, String group, String name) {
        requireManagesAny(tx, who);
        return rename(tx, managed(tx, who, find(tx, group)), name);
    }

    private static GroupRow rename(RegistryTx tx, GroupRow row, String name) {
        return named(tx, new GroupRow(row.id(), name, row.created()));
    }

    /**
     * Makes a group of this name, or finds the one that has it. A name is taken also where {@code who} may not know of
     * the group: names are unique.
     *
     * @param fresh the id of a new one
     * @throws Refusal name_taken, bad_name, forbidden
     */
    public static GroupRow putNamed(RegistryTx tx, Principal who, String name, GroupId fresh, Instant now) {
        requireManagesAny(tx, who);
        Optional<GroupRow> before = tx.groupNamed(name).filter(row -> mayUse(tx, who, row.id()));
        return before.orElseGet(() -> named(tx, new GroupRow(fresh, name, now)));
    }

    private static GroupRow named(RegistryTx tx, GroupRow row) {
        Names.checkUnique("group name", row.name());
        if (tx.groupNamed(row.name()).isPresent()) {
            throw new Refusal(ErrorCode.NAME_TAKEN, "a group has this name");
        }
        tx.putGroup(row);
        return row;
    }

    private static void requireManagesAny(RegistryTx tx, Principal who) {
        if (!AccessRules.managesAny(tx, who)) {
            throw new Refusal(ErrorCode.FORBIDDEN, "making a group needs the admin token or manage on a vault");
        }
    }

    /**
     * Removes a group with its members, grants and invites. For the admin, removing one that is gone changes nothing.
     */
    public static void remove(RegistryTx tx, Principal who, String group) {
        Optional<GroupRow> row = find(tx, group);
        switch (who) {
            case Principal.Admin admin -> row.ifPresent(known -> tx.removeGroup(known.id()));
            case Principal.Device device -> tx.removeGroup(managed(tx, who, row).id());
        }
    }

    /** A device adds only such devices as it may know of; others come by invite. */
    public static void addMember(RegistryTx tx, Principal who, String group, DeviceId device) {
        GroupRow row = managed(tx, who, find(tx, group));
        if (AdminRules.device(tx, who, device).revoked()) {
            throw new Refusal(ErrorCode.DEVICE_REVOKED, "this device was revoked");
        }
        tx.addMember(row.id(), device);
    }

    public static void removeMember(RegistryTx tx, Principal who, String group, DeviceId device) {
        tx.removeMember(managed(tx, who, find(tx, group)).id(), device);
    }

    /**
     * Grants the group this role in the vault, in place of another one. Takes manage on that vault, and a group that
     * {@code who} may change, or an empty one: whoever could make the first grant to other people's group would become
     * the one who manages it.
     */
    public static void putGrant(RegistryTx tx, Principal who, String group, String vault, Role role) {
        GroupRow row = find(tx, group).filter(g -> mayUse(tx, who, g.id())).orElseThrow(GroupRules::noSuchGroup);
        VaultId opened = AdminRules.managedVault(tx, who, vault);
        if (row.name().startsWith(AUTO_GROUP)) {
            throw new Refusal(ErrorCode.FORBIDDEN, "what a group for invites grants is fixed");
        }
        tx.putGrant(new GrantRow(row.id(), opened, role));
    }

    /** Takes manage on that vault: whoever has it may take it from any group that opens it. */
    public static void removeGrant(RegistryTx tx, Principal who, String group, String vault) {
        GroupRow row = find(tx, group).filter(g -> mayKnow(tx, who, g.id())).orElseThrow(GroupRules::noSuchGroup);
        tx.removeGrant(row.id(), AdminRules.managedVault(tx, who, vault));
    }

    /** The groups that {@code who} may change, ordered by id. */
    public static Page<GroupRow, GroupId> list(RegistryTx tx, Principal who, Optional<GroupId> after, int limit) {
        return Page.of(tx::groups, GroupRow::id, row -> manages(tx, who, row.id()), after, limit);
    }

    /** Whether {@code who} manages everything that the group opens. */
    static boolean manages(RegistryTx tx, Principal who, GroupId group) {
        return AccessRules.managesAll(tx, who, tx.grantsOf(group).stream().map(GrantRow::vault).toList());
    }

    /** The group, if {@code who} may change it; else it is not to be known of. */
    static GroupRow managed(RegistryTx tx, Principal who, GroupId id) {
        return managed(tx, who, tx.group(id));
    }

    private static GroupRow managed(RegistryTx tx, Principal who, Optional<GroupRow> group) {
        return group.filter(row -> manages(tx, who, row.id())).orElseThrow(GroupRules::noSuchGroup);
    }

    /** A group without members and grants is anybody's who manages something. */
    private static boolean mayUse(RegistryTx tx, Principal who, GroupId group) {
        return manages(tx, who, group) || isEmpty(tx, group) && AccessRules.managesAny(tx, who);
    }

    /** Who manages a vault sees whom it is open to. */
    private static boolean mayKnow(RegistryTx tx, Principal who, GroupId group) {
        boolean opensOneOfHis =
                tx.grantsOf(group).stream().anyMatch(grant -> AccessRules.managesAll(tx, who, List.of(grant.vault())));
        return opensOneOfHis || mayUse(tx, who, group);
    }

    private static boolean isEmpty(RegistryTx tx, GroupId group) {
        return tx.grantsOf(group).isEmpty() && tx.members(group, Optional.empty(), 1).isEmpty();
    }

    private static Refusal noSuchGroup() {
        return new Refusal(ErrorCode.NOT_FOUND, "no such group");
    }
}
