package tinysync.server.core;

import tinysync.tree.DeviceId;
import tinysync.tree.VaultId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;
import tinysync.wire.Role;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Vault rows and the list of devices, for the admin and for devices that manage what they change or see. Every change
 * here may be repeated without a further effect.
 */
public final class AdminRules {
    private AdminRules() {}

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

    /** The vault of this id or name, if {@code who} manages it. */
    static VaultId managedVault(RegistryTx tx, Principal who, String idOrName) {
        VaultId id = findVault(tx, idOrName).map(VaultRow::id).orElseThrow(AccessRules::noSuchVault);
        AccessRules.requireRole(tx, who, id, Role.MANAGE);
        return id;
    }

    /** Devices that {@code who} may know of: itself, and those in groups on vaults that it manages; the admin all. */
    public static Page<DeviceRow, DeviceId> devices(RegistryTx tx, Principal who, Optional<DeviceId> after, int limit) {
        return Page.of(tx::devices, DeviceRow::id, row -> mayKnow(tx, who, row), after, limit);
    }

    /** One of those. */
    public static DeviceRow device(RegistryTx tx, Principal who, DeviceId id) {
        return tx.device(id).filter(row -> mayKnow(tx, who, row)).orElseThrow(AccessRules::noSuchDevice);
    }

    private static boolean mayKnow(RegistryTx tx, Principal who, DeviceRow row) {
        return switch (who) {
            case Principal.Admin admin -> true;
            case Principal.Device device ->
                    device.id().equals(row.id())
                            || AccessRules.reachable(tx, row.id()).stream()
                                    .anyMatch(reach -> AccessRules.managesAll(tx, who, List.of(reach.vault().id())));
        };
    }
}
