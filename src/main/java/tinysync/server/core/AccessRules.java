package tinysync.server.core;

import tinysync.content.Hash;
import tinysync.tree.DeviceId;
import tinysync.tree.VaultId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;
import tinysync.wire.Role;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Who a request comes from and what it may do. All methods are functions of the registry's rows; those that return with
 * a change need a write transaction. What is not allowed throws {@link Refusal}.
 */
public final class AccessRules {
    /** The group that {@link #bootstrap} makes and that open registration joins. */
    public static final String EVERYONE = "everyone";

    private static final String SERVER_ID = "server_id";
    private static final String ADMIN_VERIFIER = "admin_verifier";
    private static final String OPEN_REGISTRATION = "open_registration";

    private AccessRules() {}

    /** Ids for {@link #bootstrap}, all fresh random. */
    public record FirstIds(UUID server, VaultId mainVault, GroupId everyone) {}

    /**
     * A device that wants in.
     *
     * @param secretSha256 of the 64 characters of its secret
     * @param invite {@code tsinv_…} as given to the person
     */
    public record RegistrationRequest(
            DeviceId device, Hash secretSha256, String displayName, Optional<String> invite) {}

    /**
     * Fills an empty registry: the server's id, the admin token, vault {@code main} and group {@code everyone} with
     * manage on it. Does nothing, and returns false, when that was done before. The caller creates the vault's own rows
     * first.
     */
    public static boolean bootstrap(RegistryTx tx, FirstIds ids, String adminSecretHex, Instant now) {
        if (tx.setting(SERVER_ID).isPresent()) {
            return false;
        }
        tx.putSetting(SERVER_ID, ids.server().toString());
        setAdminSecret(tx, adminSecretHex);
        tx.putVault(new VaultRow(ids.mainVault(), "main", now));
        tx.putGroup(new GroupRow(ids.everyone(), EVERYONE, now));
        tx.putGrant(new GrantRow(ids.everyone(), ids.mainVault(), Role.MANAGE));
        return true;
    }

    /** Empty before {@link #bootstrap}. */
    public static Optional<UUID> serverId(RegistryTx tx) {
        return tx.setting(SERVER_ID).map(UUID::fromString);
    }

    /** Replaces the admin token. */
    public static void setAdminSecret(RegistryTx tx, String secretHex) {
        tx.putSetting(ADMIN_VERIFIER, Secrets.adminVerifier(Secrets.secretSha256(secretHex)).hex());
    }

    /** Whether a device may register without invite or admin token; it then joins group {@code everyone}. */
    public static void setOpenRegistration(RegistryTx tx, boolean open) {
        tx.putSetting(OPEN_REGISTRATION, Boolean.toString(open));
    }

    /**
     * Who holds this token ({@code tsdev_…} or {@code tsadm_…}, without {@code Bearer}).
     *
     * @throws Refusal unauthenticated or device_revoked
     */
    public static Principal authenticate(RegistryTx tx, String token) {
        Secrets.Token parsed = Secrets.parseToken(token).orElseThrow(AccessRules::unauthenticated);
        return switch (parsed) {
            case Secrets.Token.OfAdmin admin -> {
                Optional<Hash> verifier = tx.setting(ADMIN_VERIFIER).map(Hash::parse);
                if (verifier.filter(v -> Secrets.same(v, admin.verifier())).isEmpty()) {
                    throw unauthenticated();
                }
                yield new Principal.Admin();
            }
            case Secrets.Token.OfDevice device -> {
                DeviceRow row = tx.device(device.device()).orElseThrow(AccessRules::unauthenticated);
                if (!Secrets.same(row.verifier(), device.verifier())) {
                    throw unauthenticated();
                }
                if (row.revoked()) {
                    throw revoked();
                }
                yield new Principal.Device(row.id());
            }
        };
    }

    /**
     * Registers a device, or recognises one that did with equal values. With an invite it joins the invite's group,
     * also when it was registered already; each device counts once against an invite's uses.
     *
     * @param byAdmin the request carried the admin token, so no invite is needed
     * @throws Refusal invite_invalid, unauthenticated (no invite), device_revoked, forbidden (other values), bad_name
     */
    public static Registration register(RegistryTx tx, RegistrationRequest request, boolean byAdmin, Instant now) {
        Names.check("device name", request.displayName());
        Optional<DeviceRow> before = tx.device(request.device());
        // Whoever proves nothing is not told either that the id is taken.
        if (request.invite().isPresent()) {
            useInvite(tx, request.invite().get(), request.device(), now);
        } else if (!byAdmin && before.filter(row -> sameSecret(row, request)).isEmpty()) {
            joinEveryone(tx, request.device());
        }
        before.ifPresent(row -> requireEqual(row, request));
        DeviceRow device =
                before.orElseGet(
                        () ->
                                new DeviceRow(
                                        request.device(),
                                        request.displayName(),
                                        Secrets.deviceVerifier(request.secretSha256()),
                                        Optional.empty(),
                                        false,
                                        now,
                                        now));
        tx.putDevice(device);
        return new Registration(device, before.isEmpty(), reachable(tx, device.id()));
    }

    private static void requireEqual(DeviceRow row, RegistrationRequest request) {
        if (!sameSecret(row, request) || !row.name().equals(request.displayName())) {
            throw new Refusal(ErrorCode.FORBIDDEN, "this device id is registered with other values");
        }
        if (row.revoked()) {
            throw revoked();
        }
    }

    private static boolean sameSecret(DeviceRow row, RegistrationRequest request) {
        return Secrets.same(row.verifier(), Secrets.deviceVerifier(request.secretSha256()));
    }

    private static void useInvite(RegistryTx tx, String text, DeviceId device, Instant now) {
        Secrets.InviteSecret secret = Secrets.parseInvite(text).orElseThrow(AccessRules::inviteInvalid);
        InviteRow invite = tx.invite(secret.id()).orElseThrow(AccessRules::inviteInvalid);
        if (!Secrets.same(invite.verifier(), secret.verifier())) {
            throw inviteInvalid();
        }
        if (tx.inviteUsedBy(invite.id(), device)) {
            return;
        }
        if (invite.usesLeft() < 1 || !now.isBefore(invite.expires()) || !InviteRules.stands(tx, invite)) {
            throw inviteInvalid();
        }
        tx.putInvite(invite.usedOnce());
        tx.addInviteUse(invite.id(), device);
        tx.addMember(invite.group(), device);
    }

    private static void joinEveryone(RegistryTx tx, DeviceId device) {
        if (!tx.setting(OPEN_REGISTRATION).map(Boolean::parseBoolean).orElse(false)) {
            throw new Refusal(ErrorCode.UNAUTHENTICATED, "registering needs an invite or the admin token");
        }
        tx.groupNamed(EVERYONE).ifPresent(group -> tx.addMember(group.id(), device));
    }

    /**
     * Gives a copy of a device, which holds the original's token, an identity of its own in the same groups. Repeating
     * it with equal values changes nothing.
     *
     * @throws Refusal device_revoked, also when that happened while the request was on its way
     */
    public static Registration cloneDevice(RegistryTx tx, DeviceId original, RegistrationRequest request, Instant now) {
        if (tx.device(original).filter(row -> !row.revoked()).isEmpty()) {
            throw revoked();
        }
        Registration registration = register(tx, request, true, now);
        if (registration.fresh()) {
            tx.groupsOf(original).forEach(group -> tx.addMember(group, request.device()));
        }
        return new Registration(registration.device(), registration.fresh(), reachable(tx, request.device()));
    }

    /**
     * A device's daemon started: {@code next} replaces {@code previous}. Repeating it changes nothing.
     *
     * @throws Refusal device_cloned when another instance than {@code previous} was the last one
     */
    public static void openSession(RegistryTx tx, DeviceId device, Optional<UUID> previous, UUID next) {
        DeviceRow row = tx.device(device).orElseThrow(AccessRules::unauthenticated);
        if (row.instance().equals(Optional.of(next))) {
            return;
        }
        if (row.instance().isPresent() && !row.instance().equals(previous)) {
            throw cloned();
        }
        tx.putDevice(row.withInstance(next));
    }

    /**
     * @throws Refusal device_cloned unless {@code instance} is the device's current one, or it never told of any
     */
    public static void checkInstance(RegistryTx tx, DeviceId device, UUID instance) {
        DeviceRow row = tx.device(device).orElseThrow(AccessRules::unauthenticated);
        if (row.instance().filter(current -> !current.equals(instance)).isPresent()) {
            throw cloned();
        }
    }

    /** Remembers that a device called. */
    public static void touch(RegistryTx tx, DeviceId device, Instant now) {
        tx.device(device).ifPresent(row -> tx.putDevice(row.withSeen(now)));
    }

    /** The highest role that any group gives the device in the vault; empty when revoked, unknown or not granted. */
    public static Optional<Role> effectiveRole(RegistryTx tx, DeviceId device, VaultId vault) {
        return tx.vault(vault).map(row -> roles(tx, device).get(vault));
    }

    /** All vaults in reach, ordered by name. */
    public static List<Reach> reachable(RegistryTx tx, DeviceId device) {
        List<Reach> reach = new ArrayList<>();
        roles(tx, device).forEach((id, role) -> tx.vault(id).ifPresent(row -> reach.add(new Reach(row, role))));
        reach.sort(Comparator.comparing(r -> r.vault().name()));
        return List.copyOf(reach);
    }

    private static Map<VaultId, Role> roles(RegistryTx tx, DeviceId device) {
        Map<VaultId, Role> roles = new TreeMap<>(Comparator.comparing(VaultId::value));
        if (tx.device(device).filter(row -> !row.revoked()).isEmpty()) {
            return roles;
        }
        for (GroupId group : tx.groupsOf(device)) {
            for (GrantRow grant : tx.grantsOf(group)) {
                roles.merge(grant.vault(), grant.role(), (a, b) -> a.includes(b) ? a : b);
            }
        }
        return roles;
    }

    /**
     * The role in the vault, if it includes {@code needed}. The admin has manage everywhere.
     *
     * @throws Refusal not_found where the principal may not even know of the vault, forbidden where it may not do this
     */
    public static Role requireRole(RegistryTx tx, Principal who, VaultId vault, Role needed) {
        Optional<Role> role =
                switch (who) {
                    case Principal.Admin admin -> tx.vault(vault).map(row -> Role.MANAGE);
                    case Principal.Device device -> effectiveRole(tx, device.id(), vault);
                };
        Role held = role.orElseThrow(AccessRules::noSuchVault);
        if (!held.includes(needed)) {
            throw new Refusal(ErrorCode.FORBIDDEN, "this needs the role '" + needed.wire() + "' in the vault");
        }
        return held;
    }

    /**
     * @throws Refusal forbidden unless it is the admin
     */
    public static void requireAdmin(Principal who) {
        switch (who) {
            case Principal.Admin admin -> {}
            case Principal.Device device -> throw new Refusal(ErrorCode.FORBIDDEN, "this needs the admin token");
        }
    }

    /**
     * Whether {@code who} holds manage on every one of {@code vaults}, and there is at least one: who manages only a
     * part could otherwise widen its own reach, and an empty group could be filled before it is given anything.
     */
    static boolean managesAll(RegistryTx tx, Principal who, List<VaultId> vaults) {
        return switch (who) {
            case Principal.Admin admin -> true;
            case Principal.Device device -> {
                Map<VaultId, Role> roles = roles(tx, device.id());
                yield !vaults.isEmpty() && vaults.stream().allMatch(v -> roles.get(v) == Role.MANAGE);
            }
        };
    }

    /** Whether {@code who} is the admin or manages at least one vault. */
    static boolean managesAny(RegistryTx tx, Principal who) {
        return switch (who) {
            case Principal.Admin admin -> true;
            case Principal.Device device -> roles(tx, device.id()).containsValue(Role.MANAGE);
        };
    }

    /**
     * Takes everything from a device, for good. A device may revoke itself; else the admin, or who manages all vaults
     * it reaches. For the admin, repeating it changes nothing; to others a revoked device is as good as unknown.
     */
    public static void revokeDevice(RegistryTx tx, Principal who, DeviceId device) {
        DeviceRow row = tx.device(device).orElseThrow(AccessRules::noSuchDevice);
        List<VaultId> reach = reachable(tx, device).stream().map(r -> r.vault().id()).toList();
        boolean itself = who.equals(new Principal.Device(device));
        if (!itself && !managesAll(tx, who, reach)) {
            throw noSuchDevice();
        }
        tx.putDevice(row.asRevoked());
        tx.removeMemberships(device);
    }

    static Refusal noSuchDevice() {
        return new Refusal(ErrorCode.NOT_FOUND, "no such device");
    }

    static Refusal noSuchVault() {
        return new Refusal(ErrorCode.NOT_FOUND, "no such vault");
    }

    private static Refusal unauthenticated() {
        return new Refusal(ErrorCode.UNAUTHENTICATED, "the token is not known here");
    }

    private static Refusal revoked() {
        return new Refusal(ErrorCode.DEVICE_REVOKED, "this device was revoked");
    }

    private static Refusal inviteInvalid() {
        return new Refusal(ErrorCode.INVITE_INVALID, "the invite is unknown, used up, expired or withdrawn");
    }

    private static Refusal cloned() {
        return new Refusal(ErrorCode.DEVICE_CLONED, "another copy of this device has been here");
    }
}
