package tinysync.server.store;

import static tinysync.server.store.SqliteSession.hash;
import static tinysync.server.store.SqliteSession.instant;
import static tinysync.server.store.SqliteSession.optionalUuid;
import static tinysync.server.store.SqliteSession.uuid;

import tinysync.server.core.DeviceRow;
import tinysync.server.core.GrantRow;
import tinysync.server.core.GroupId;
import tinysync.server.core.GroupRow;
import tinysync.server.core.InviteId;
import tinysync.server.core.InviteRow;
import tinysync.server.core.RegistryTx;
import tinysync.server.core.VaultRow;
import tinysync.tree.DeviceId;
import tinysync.tree.VaultId;
import tinysync.wire.Role;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The rows of the registry in {@code schema/sqlite/registry}, inside one transaction of one session. */
final class SqliteRegistryTx implements RegistryTx {
    private static final IdTable<VaultRow> VAULTS =
            new IdTable<>("vaults", "id, name, created", SqliteRegistryTx::vaultRow);
    private static final IdTable<GroupRow> GROUPS =
            new IdTable<>("device_groups", "id, name, created", SqliteRegistryTx::groupRow);
    private static final IdTable<DeviceRow> DEVICES =
            new IdTable<>(
                    "devices", "id, name, verifier, instance, revoked, created, seen", SqliteRegistryTx::deviceRow);
    private static final IdTable<InviteRow> INVITES =
            new IdTable<>(
                    "invites",
                    "id, verifier, group_id, role, uses_left, expires, created, minter",
                    SqliteRegistryTx::inviteRow);
    private static final String SELECT_GRANT = "SELECT group_id, vault, role FROM grants";

    private final SqliteSession session;

    SqliteRegistryTx(SqliteSession session) {
        this.session = session;
    }

    @Override
    public Optional<String> setting(String key) {
        return session.first("SELECT value FROM settings WHERE key = ?", row -> row.getString(1), key);
    }

    @Override
    public void putSetting(String key, String value) {
        session.put("settings", "key, value", key, value);
    }

    @Override
    public Optional<VaultRow> vault(VaultId id) {
        return VAULTS.row(session, id.value());
    }

    @Override
    public Optional<VaultRow> vaultNamed(String name) {
        return VAULTS.named(session, name);
    }

    @Override
    public List<VaultRow> vaults(Optional<VaultId> after, int limit) {
        return VAULTS.page(session, after.map(VaultId::value), limit);
    }

    @Override
    public void putVault(VaultRow row) {
        VAULTS.put(session, row.id().value(), row.name(), row.created());
    }

    @Override
    public void removeVault(VaultId id) {
        session.update("DELETE FROM grants WHERE vault = ?", id.value());
        VAULTS.remove(session, id.value());
    }

    private static VaultRow vaultRow(ResultSet row) throws SQLException {
        return new VaultRow(new VaultId(uuid(row, 1)), row.getString(2), instant(row, 3));
    }

    @Override
    public Optional<DeviceRow> device(DeviceId id) {
        return DEVICES.row(session, id.value());
    }

    @Override
    public List<DeviceRow> devices(Optional<DeviceId> after, int limit) {
        return DEVICES.page(session, after.map(DeviceId::value), limit);
    }

    @Override
    public void putDevice(DeviceRow row) {
        DEVICES.put(
                session,
                row.id().value(),
                row.name(),
                row.verifier(),
                row.instance(),
                row.revoked(),
                row.created(),
                row.seen());
    }

    private static DeviceRow deviceRow(ResultSet row) throws SQLException {
        return new DeviceRow(
                new DeviceId(uuid(row, 1)),
                row.getString(2),
                hash(row, 3),
                optionalUuid(row, 4),
                row.getInt(5) != 0,
                instant(row, 6),
                instant(row, 7));
    }

    @Override
    public Optional<GroupRow> group(GroupId id) {
        return GROUPS.row(session, id.value());
    }

    @Override
    public Optional<GroupRow> groupNamed(String name) {
        return GROUPS.named(session, name);
    }

    @Override
    public List<GroupRow> groups(Optional<GroupId> after, int limit) {
        return GROUPS.page(session, after.map(GroupId::value), limit);
    }

    @Override
    public void putGroup(GroupRow row) {
        GROUPS.put(session, row.id().value(), row.name(), row.created());
    }

    @Override
    public void removeGroup(GroupId id) {
        session.update(
                "DELETE FROM invite_uses WHERE invite IN (SELECT id FROM invites WHERE group_id = ?)", id.value());
        session.update("DELETE FROM invites WHERE group_id = ?", id.value());
        session.update("DELETE FROM grants WHERE group_id = ?", id.value());
        session.update("DELETE FROM members WHERE group_id = ?", id.value());
        GROUPS.remove(session, id.value());
    }

    private static GroupRow groupRow(ResultSet row) throws SQLException {
        return new GroupRow(new GroupId(uuid(row, 1)), row.getString(2), instant(row, 3));
    }

    @Override
    public void addMember(GroupId group, DeviceId device) {
        session.put("members", "group_id, device", group.value(), device.value());
    }

    @Override
    public void removeMember(GroupId group, DeviceId device) {
        session.update("DELETE FROM members WHERE group_id = ? AND device = ?", group.value(), device.value());
    }

    @Override
    public List<DeviceId> members(GroupId group, Optional<DeviceId> after, int limit) {
        return session.list(
                "SELECT device FROM members WHERE group_id = ? AND device > ? ORDER BY device LIMIT ?",
                row -> new DeviceId(uuid(row, 1)),
                group.value(),
                SqliteSession.behind(after.map(DeviceId::value)),
                limit);
    }

    @Override
    public List<GroupId> groupsOf(DeviceId device) {
        return session.list(
                "SELECT group_id FROM members WHERE device = ? ORDER BY group_id",
                row -> new GroupId(uuid(row, 1)),
                device.value());
    }

    @Override
    public void removeMemberships(DeviceId device) {
        session.update("DELETE FROM members WHERE device = ?", device.value());
    }

    @Override
    public void putGrant(GrantRow row) {
        session.put("grants", "group_id, vault, role", row.group().value(), row.vault().value(), row.role().wire());
    }

    @Override
    public void removeGrant(GroupId group, VaultId vault) {
        session.update("DELETE FROM grants WHERE group_id = ? AND vault = ?", group.value(), vault.value());
    }

    @Override
    public List<GrantRow> grantsOf(GroupId group) {
        return session.list(
                SELECT_GRANT + " WHERE group_id = ? ORDER BY vault", SqliteRegistryTx::grantRow, group.value());
    }

    private static GrantRow grantRow(ResultSet row) throws SQLException {
        return new GrantRow(new GroupId(uuid(row, 1)), new VaultId(uuid(row, 2)), role(row, 3));
    }

    private static Role role(ResultSet row, int column) throws SQLException {
        return Role.parse(row.getString(column)).orElseThrow();
    }

    @Override
    public Optional<InviteRow> invite(InviteId id) {
        return INVITES.row(session, id.value());
    }

    @Override
    public List<InviteRow> invites(Optional<InviteId> after, int limit) {
        return INVITES.page(session, after.map(InviteId::value), limit);
    }

    @Override
    public void putInvite(InviteRow row) {
        INVITES.put(
                session,
                row.id().value(),
                row.verifier(),
                row.group().value(),
                row.role().wire(),
                row.usesLeft(),
                row.expires(),
                row.created(),
                row.minter().map(DeviceId::value));
    }

    @Override
    public void removeInvite(InviteId id) {
        session.update("DELETE FROM invite_uses WHERE invite = ?", id.value());
        INVITES.remove(session, id.value());
    }

    private static InviteRow inviteRow(ResultSet row) throws SQLException {
        return new InviteRow(
                new InviteId(uuid(row, 1)),
                hash(row, 2),
                new GroupId(uuid(row, 3)),
                role(row, 4),
                row.getInt(5),
                instant(row, 6),
                instant(row, 7),
                optionalUuid(row, 8).map(DeviceId::new));
    }

    @Override
    public boolean inviteUsedBy(InviteId invite, DeviceId device) {
        return session.has("SELECT 1 FROM invite_uses WHERE invite = ? AND device = ?", invite.value(), device.value());
    }

    @Override
    public void addInviteUse(InviteId invite, DeviceId device) {
        session.put("invite_uses", "invite, device", invite.value(), device.value());
    }
}
