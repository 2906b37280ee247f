package tinysync.server.core;

import tinysync.tree.DeviceId;
import tinysync.tree.VaultId;

import java.util.List;
import java.util.Optional;

/**
 * Row operations inside one transaction of the registry. No rules: a store writes what it is told, and replaces a row
 * of the same key; removing what is not there does nothing. For one thread, valid only while the transaction runs.
 * Lists are ordered by id and begin behind {@code after}; {@code limit} is at least 1.
 */
public interface RegistryTx {

    Optional<String> setting(String key);

    void putSetting(String key, String value);

    Optional<VaultRow> vault(VaultId id);

    Optional<VaultRow> vaultNamed(String name);

    List<VaultRow> vaults(Optional<VaultId> after, int limit);

    void putVault(VaultRow row);

    /** With all grants on it. */
    void removeVault(VaultId id);

    Optional<DeviceRow> device(DeviceId id);

    List<DeviceRow> devices(Optional<DeviceId> after, int limit);

    void putDevice(DeviceRow row);

    Optional<GroupRow> group(GroupId id);

    Optional<GroupRow> groupNamed(String name);

    List<GroupRow> groups(Optional<GroupId> after, int limit);

    void putGroup(GroupRow row);

    /** With its members, grants and invites. */
    void removeGroup(GroupId id);

    void addMember(GroupId group, DeviceId device);

    void removeMember(GroupId group, DeviceId device);

    List<DeviceId> members(GroupId group, Optional<DeviceId> after, int limit);

    List<GroupId> groupsOf(DeviceId device);

    /** In every group. */
    void removeMemberships(DeviceId device);

    void putGrant(GrantRow row);

    void removeGrant(GroupId group, VaultId vault);

    List<GrantRow> grantsOf(GroupId group);

    Optional<InviteRow> invite(InviteId id);

    List<InviteRow> invites(Optional<InviteId> after, int limit);

    void putInvite(InviteRow row);

    void removeInvite(InviteId id);

    /** Whether {@code device} registered with this invite before. */
    boolean inviteUsedBy(InviteId invite, DeviceId device);

    void addInviteUse(InviteId invite, DeviceId device);
}
