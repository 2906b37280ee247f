package tinysync.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tinysync.content.Hash;
import tinysync.server.core.AccessRules.RegistrationRequest;
import tinysync.server.store.MemoryStore;
import tinysync.tree.DeviceId;
import tinysync.tree.VaultId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;
import tinysync.wire.Role;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

class AccessRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T07:45:00Z");
    private static final VaultId MAIN = new VaultId(new UUID(1, 1));
    private static final VaultId OTHER = new VaultId(new UUID(1, 2));
    private static final GroupId EVERYONE = new GroupId(new UUID(2, 1));
    private static final DeviceId LAPTOP = new DeviceId(new UUID(3, 1));
    private static final DeviceId PHONE = new DeviceId(new UUID(3, 2));
    private static final Principal ADMIN = new Principal.Admin();
    private static final String ADMIN_SECRET = "a".repeat(64);
    private static final String SECRET = "0123456789abcdef".repeat(4);
    private static final String INVITE_SECRET = "e".repeat(64);

    private final MemoryStore store = new MemoryStore();
    private long ids = 50;

    @BeforeEach
    void firstStart() {
        AccessRules.FirstIds ids = new AccessRules.FirstIds(new UUID(9, 9), MAIN, EVERYONE);
        assertTrue(store.<Boolean>registry(tx -> AccessRules.bootstrap(tx, ids, ADMIN_SECRET, NOW)));
        assertFalse(store.<Boolean>registry(tx -> AccessRules.bootstrap(tx, ids, "b".repeat(64), NOW)));
    }

    private void run(Consumer<RegistryTx> work) {
        store.registry(
                tx -> {
                    work.accept(tx);
                    return true;
                });
    }

    private void refused(ErrorCode code, Consumer<RegistryTx> work) {
        assertEquals(code, assertThrows(Refusal.class, () -> run(work)).code());
    }

    private static RegistrationRequest request(DeviceId device, String secret, Optional<String> invite) {
        return new RegistrationRequest(device, Secrets.secretSha256(secret), "laptop", invite);
    }

    private Registration join(DeviceId device, String invite) {
        return store.registry(tx -> AccessRules.register(tx, request(device, SECRET, Optional.of(invite)), false, NOW));
    }

    private String invite(Principal who, InviteRules.Target target, int uses) {
        InviteId id = new InviteId(new UUID(4, ids++));
        InviteRules.Fresh fresh = new InviteRules.Fresh(id, INVITE_SECRET, () -> new GroupId(new UUID(5, ids++)));
        InviteRules.Request request = new InviteRules.Request(target, uses, Duration.ofDays(7));
        store.registry(tx -> InviteRules.mint(tx, who, request, fresh, NOW));
        return Secrets.inviteToken(id, INVITE_SECRET);
    }

    private String groupInvite(int uses) {
        return invite(ADMIN, new InviteRules.Target.ToGroup(EVERYONE), uses);
    }

    private Optional<Role> role(DeviceId device, VaultId vault) {
        return store.registryRead(tx -> AccessRules.effectiveRole(tx, device, vault));
    }

    @Test
    void theSecretsHashIsThatOfItsCharacters() {
        assertEquals(
                Hash.parse("a8ae6e6ee929abea3afcfc5258c8ccd6f85273e0d4626d26c7279f3250f77c8e"),
                Secrets.secretSha256(SECRET));
    }

    @Test
    void aDeviceWithAnInviteReachesWhatItsGroupDoes() {
        Registration registration = join(LAPTOP, groupInvite(1));
        assertTrue(registration.fresh());
        assertEquals(List.of(new Reach(new VaultRow(MAIN, "main", NOW), Role.MANAGE)), registration.vaults());
        String token = Secrets.deviceToken(LAPTOP, SECRET);
        assertEquals(new Principal.Device(LAPTOP), store.registryRead(tx -> AccessRules.authenticate(tx, token)));
    }

    @Test
    void registeringAgainIsTheSameAndUsesNothing() {
        String invite = groupInvite(1);
        join(LAPTOP, invite);
        assertFalse(join(LAPTOP, invite).fresh());
        refused(
                ErrorCode.FORBIDDEN,
                tx -> AccessRules.register(tx, request(LAPTOP, "f".repeat(64), Optional.of(invite)), false, NOW));
        refused(
                ErrorCode.INVITE_INVALID,
                tx -> AccessRules.register(tx, request(PHONE, SECRET, Optional.of(invite)), false, NOW));
    }

    @Test
    void badInvitesAreRefused() {
        String good = groupInvite(5);
        for (String bad : List.of("", "tsinv_", good + "0", good.substring(0, good.length() - 1) + "0")) {
            refused(
                    ErrorCode.INVITE_INVALID,
                    tx -> AccessRules.register(tx, request(LAPTOP, SECRET, Optional.of(bad)), false, NOW));
        }
        refused(
                ErrorCode.INVITE_INVALID,
                tx ->
                        AccessRules.register(
                                tx, request(LAPTOP, SECRET, Optional.of(good)), false, NOW.plus(Duration.ofDays(7))));
        refused(
                ErrorCode.UNAUTHENTICATED,
                tx -> AccessRules.register(tx, request(LAPTOP, SECRET, Optional.empty()), false, NOW));
    }

    @Test
    void anOpenServerLetsEveryoneInAndTheAdminNeedsNoInvite() {
        run(tx -> AccessRules.register(tx, request(PHONE, SECRET, Optional.empty()), true, NOW));
        assertEquals(Optional.empty(), role(PHONE, MAIN));
        run(tx -> AccessRules.setOpenRegistration(tx, true));
        run(tx -> AccessRules.register(tx, request(LAPTOP, SECRET, Optional.empty()), false, NOW));
        assertEquals(Optional.of(Role.MANAGE), role(LAPTOP, MAIN));
    }

    @Test
    void tokensAreComparedWhole() {
        join(LAPTOP, groupInvite(1));
        for (String bad :
                List.of(
                        "",
                        "tsadm_" + SECRET,
                        Secrets.deviceToken(PHONE, SECRET),
                        Secrets.deviceToken(LAPTOP, "f".repeat(64)),
                        Secrets.deviceToken(LAPTOP, SECRET) + "0")) {
            refused(ErrorCode.UNAUTHENTICATED, tx -> AccessRules.authenticate(tx, bad));
        }
        assertEquals(ADMIN, store.registryRead(tx -> AccessRules.authenticate(tx, "tsadm_" + ADMIN_SECRET)));
    }

    @Test
    void aRevokedDeviceReachesNothingAndStaysRevoked() {
        join(LAPTOP, groupInvite(1));
        run(tx -> AccessRules.revokeDevice(tx, new Principal.Device(LAPTOP), LAPTOP));
        run(tx -> AccessRules.revokeDevice(tx, ADMIN, LAPTOP));
        assertEquals(Optional.empty(), role(LAPTOP, MAIN));
        refused(ErrorCode.DEVICE_REVOKED, tx -> AccessRules.authenticate(tx, Secrets.deviceToken(LAPTOP, SECRET)));
        String invite = groupInvite(1);
        refused(
                ErrorCode.DEVICE_REVOKED,
                tx -> AccessRules.register(tx, request(LAPTOP, SECRET, Optional.of(invite)), false, NOW));
        refused(ErrorCode.DEVICE_REVOKED, tx -> GroupRules.addMember(tx, ADMIN, EVERYONE.toString(), LAPTOP));
    }

    @Test
    void whoManagesWhatADeviceReachesMayRevokeIt() {
        join(LAPTOP, groupInvite(1));
        join(PHONE, invite(ADMIN, new InviteRules.Target.ToVault(MAIN, Role.READ), 1));
        refused(ErrorCode.NOT_FOUND, tx -> AccessRules.revokeDevice(tx, new Principal.Device(PHONE), LAPTOP));
        run(tx -> AccessRules.revokeDevice(tx, new Principal.Device(LAPTOP), PHONE));
        refused(ErrorCode.NOT_FOUND, tx -> AccessRules.revokeDevice(tx, new Principal.Device(LAPTOP), PHONE));
        assertEquals(Optional.empty(), role(PHONE, MAIN));
        DeviceId nobody = new DeviceId(new UUID(3, 9));
        DeviceId elsewhere = new DeviceId(new UUID(3, 4));
        run(tx -> AdminRules.createVault(tx, ADMIN, OTHER, "other", NOW));
        join(elsewhere, invite(ADMIN, new InviteRules.Target.ToVault(OTHER, Role.READ), 1));
        join(elsewhere, invite(ADMIN, new InviteRules.Target.ToVault(MAIN, Role.READ), 1));
        Principal laptop = new Principal.Device(LAPTOP);
        refused(ErrorCode.NOT_FOUND, tx -> AccessRules.revokeDevice(tx, laptop, elsewhere));
        refused(ErrorCode.NOT_FOUND, tx -> AccessRules.revokeDevice(tx, ADMIN, nobody));
    }

    @Test
    void aVaultInviteGivesItsRoleAndNoMore() {
        join(LAPTOP, groupInvite(1));
        String read = invite(new Principal.Device(LAPTOP), new InviteRules.Target.ToVault(MAIN, Role.READ), 2);
        invite(ADMIN, new InviteRules.Target.ToVault(MAIN, Role.READ), 2);
        join(PHONE, read);
        assertEquals(Optional.of(Role.READ), role(PHONE, MAIN));
        GroupRow group = store.registryRead(tx -> tx.groupNamed("vault:main:read")).orElseThrow();
        assertEquals(List.of(PHONE), store.registryRead(tx -> tx.members(group.id(), Optional.empty(), 10)));
        refused(ErrorCode.FORBIDDEN, tx -> AccessRules.requireRole(tx, new Principal.Device(PHONE), MAIN, Role.WRITE));
        refused(
                ErrorCode.FORBIDDEN,
                tx -> GroupRules.putGrant(tx, ADMIN, group.id().toString(), MAIN.toString(), Role.MANAGE));
    }

    @Test
    void theHighestRoleOfAllGroupsCounts() {
        join(LAPTOP, invite(ADMIN, new InviteRules.Target.ToVault(MAIN, Role.WRITE), 1));
        join(LAPTOP, invite(ADMIN, new InviteRules.Target.ToVault(MAIN, Role.READ), 1));
        assertEquals(Optional.of(Role.WRITE), role(LAPTOP, MAIN));
    }

    @Test
    void whoManagesOneVaultWidensNothingElse() {
        run(tx -> AdminRules.createVault(tx, ADMIN, OTHER, "other", NOW));
        GroupId both = new GroupId(new UUID(2, 2));
        run(tx -> GroupRules.put(tx, ADMIN, both, "both", NOW));
        run(tx -> GroupRules.putGrant(tx, ADMIN, both.toString(), MAIN.toString(), Role.READ));
        run(tx -> GroupRules.putGrant(tx, ADMIN, both.toString(), OTHER.toString(), Role.READ));
        join(LAPTOP, groupInvite(1));
        Principal laptop = new Principal.Device(LAPTOP);
        refused(ErrorCode.NOT_FOUND, tx -> GroupRules.addMember(tx, laptop, both.toString(), LAPTOP));
        refused(ErrorCode.NOT_FOUND, tx -> GroupRules.remove(tx, laptop, both.toString()));
        refused(
                ErrorCode.NOT_FOUND,
                tx -> GroupRules.putGrant(tx, laptop, EVERYONE.toString(), OTHER.toString(), Role.READ));
        refused(ErrorCode.FORBIDDEN, tx -> AdminRules.createVault(tx, laptop, MAIN, "x", NOW));
        GroupId own = new GroupId(new UUID(2, 3));
        refused(ErrorCode.NOT_FOUND, tx -> GroupRules.put(tx, laptop, own, "own", NOW));
        run(tx -> GroupRules.putNamed(tx, laptop, "own", own, NOW));
        run(tx -> GroupRules.putNamed(tx, laptop, "own", new GroupId(new UUID(2, 4)), NOW));
        run(tx -> GroupRules.put(tx, laptop, own, "own", NOW));
        refused(ErrorCode.NAME_TAKEN, tx -> GroupRules.putNamed(tx, laptop, "both", own, NOW));
        refused(ErrorCode.NOT_FOUND, tx -> GroupRules.addMember(tx, laptop, own.toString(), LAPTOP));
        run(tx -> GroupRules.putGrant(tx, laptop, own.toString(), MAIN.toString(), Role.READ));
        run(tx -> GroupRules.addMember(tx, laptop, own.toString(), LAPTOP));
        run(tx -> GroupRules.addMember(tx, laptop, own.toString(), LAPTOP));
    }

    @Test
    void aGroupWithMembersIsNotTakenOverByAFirstGrant() {
        run(tx -> AdminRules.createVault(tx, ADMIN, OTHER, "other", NOW));
        join(LAPTOP, groupInvite(2));
        join(PHONE, groupInvite(2));
        GroupId board = new GroupId(new UUID(2, 2));
        run(tx -> GroupRules.put(tx, ADMIN, board, "board", NOW));
        run(tx -> GroupRules.addMember(tx, ADMIN, board.toString(), PHONE));
        Principal laptop = new Principal.Device(LAPTOP);
        refused(
                ErrorCode.NOT_FOUND,
                tx -> GroupRules.putGrant(tx, laptop, board.toString(), MAIN.toString(), Role.READ));
        run(tx -> GroupRules.putGrant(tx, ADMIN, board.toString(), OTHER.toString(), Role.MANAGE));
        refused(
                ErrorCode.NOT_FOUND,
                tx -> GroupRules.putGrant(tx, laptop, board.toString(), MAIN.toString(), Role.READ));
        run(tx -> GroupRules.addMember(tx, new Principal.Device(PHONE), board.toString(), PHONE));
    }

    @Test
    void aRevokedDeviceMakesNoClone() {
        join(LAPTOP, groupInvite(1));
        run(tx -> AccessRules.revokeDevice(tx, ADMIN, LAPTOP));
        refused(
                ErrorCode.DEVICE_REVOKED,
                tx -> AccessRules.cloneDevice(tx, LAPTOP, request(PHONE, SECRET, Optional.empty()), NOW));
    }

    @Test
    void namesOfVaultsAndGroupsAreUniqueAndTypable() {
        refused(ErrorCode.NAME_TAKEN, tx -> AdminRules.createVault(tx, ADMIN, OTHER, "main", NOW));
        for (String bad : List.of("", " ", "a:b", "a/b", "a\nb", MAIN.toString(), "x".repeat(101))) {
            refused(ErrorCode.BAD_NAME, tx -> AdminRules.createVault(tx, ADMIN, OTHER, bad, NOW));
        }
        run(tx -> AdminRules.renameVault(tx, ADMIN, MAIN, "home"));
        assertEquals(MAIN, store.registryRead(tx -> AdminRules.findVault(tx, "home")).orElseThrow().id());
        assertEquals("home", store.registryRead(tx -> AdminRules.findVault(tx, MAIN.toString())).orElseThrow().name());
    }

    @Test
    void whoManagesAVaultRenamesItAndOnlyTheAdminRemovesIt() {
        join(LAPTOP, groupInvite(1));
        Principal laptop = new Principal.Device(LAPTOP);
        run(tx -> AdminRules.createVault(tx, ADMIN, OTHER, "other", NOW));
        refused(ErrorCode.BAD_NAME, tx -> AdminRules.renameVault(tx, laptop, MAIN, "a:b"));
        refused(ErrorCode.NAME_TAKEN, tx -> AdminRules.renameVault(tx, laptop, MAIN, "other"));
        refused(ErrorCode.NOT_FOUND, tx -> AdminRules.renameVault(tx, laptop, OTHER, "mine"));
        run(tx -> AdminRules.renameVault(tx, laptop, MAIN, "home"));
        run(tx -> AdminRules.renameVault(tx, laptop, MAIN, "home"));
        assertEquals(new VaultRow(MAIN, "home", NOW), store.registryRead(tx -> tx.vault(MAIN)).orElseThrow());
        refused(ErrorCode.FORBIDDEN, tx -> AdminRules.removeVault(tx, laptop, MAIN));
        run(tx -> AdminRules.removeVault(tx, ADMIN, MAIN));
        assertEquals(Optional.empty(), role(LAPTOP, MAIN));
    }

    @Test
    void groupsAreFoundByIdAndByName() {
        for (String known : List.of("everyone", EVERYONE.toString())) {
            assertEquals(EVERYONE, store.registryRead(tx -> GroupRules.find(tx, known)).orElseThrow().id());
        }
        assertEquals(Optional.empty(), store.registryRead(tx -> GroupRules.find(tx, MAIN.toString())));
    }

    @Test
    void aDeviceIsListedForItselfAndForWhoManagesWhatItReaches() {
        join(LAPTOP, groupInvite(1));
        join(PHONE, invite(ADMIN, new InviteRules.Target.ToVault(MAIN, Role.READ), 1));
        assertEquals(List.of(LAPTOP, PHONE), listed(ADMIN));
        assertEquals(List.of(LAPTOP, PHONE), listed(new Principal.Device(LAPTOP)));
        assertEquals(List.of(PHONE), listed(new Principal.Device(PHONE)));
        Page<DeviceRow, DeviceId> first =
                store.registryRead(tx -> AdminRules.devices(tx, new Principal.Device(PHONE), Optional.empty(), 1));
        assertEquals(List.of(PHONE), first.rows().stream().map(DeviceRow::id).toList());
        assertEquals(Optional.empty(), first.next());
        Page<DeviceRow, DeviceId> cut = store.registryRead(tx -> AdminRules.devices(tx, ADMIN, Optional.empty(), 1));
        assertEquals(Optional.of(LAPTOP), cut.next());
    }

    private List<DeviceId> listed(Principal who) {
        Page<DeviceRow, DeviceId> page = store.registryRead(tx -> AdminRules.devices(tx, who, Optional.empty(), 10));
        assertEquals(Optional.empty(), page.next());
        return page.rows().stream().map(DeviceRow::id).toList();
    }

    @Test
    void whenADeviceLastCalledIsRemembered() {
        join(LAPTOP, groupInvite(1));
        Instant later = NOW.plusSeconds(900);
        run(tx -> AccessRules.touch(tx, LAPTOP, later));
        run(tx -> AccessRules.touch(tx, PHONE, later));
        assertEquals(later, store.registryRead(tx -> tx.device(LAPTOP)).orElseThrow().seen());
        assertEquals(Optional.empty(), store.registryRead(tx -> tx.device(PHONE)));
    }

    @Test
    void aCopyOfADeviceIsNoticedAndGetsItsOwnIdentity() {
        join(LAPTOP, groupInvite(1));
        UUID first = new UUID(6, 1);
        UUID second = new UUID(6, 2);
        run(tx -> AccessRules.openSession(tx, LAPTOP, Optional.empty(), first));
        run(tx -> AccessRules.openSession(tx, LAPTOP, Optional.of(first), second));
        run(tx -> AccessRules.openSession(tx, LAPTOP, Optional.of(first), second));
        run(tx -> AccessRules.checkInstance(tx, LAPTOP, second));
        refused(ErrorCode.DEVICE_CLONED, tx -> AccessRules.checkInstance(tx, LAPTOP, first));
        refused(ErrorCode.DEVICE_CLONED, tx -> AccessRules.openSession(tx, LAPTOP, Optional.of(first), new UUID(6, 3)));
        run(tx -> AccessRules.cloneDevice(tx, LAPTOP, request(PHONE, "c".repeat(64), Optional.empty()), NOW));
        assertEquals(Optional.of(Role.MANAGE), role(PHONE, MAIN));
    }

    private void invalid(String invite, DeviceId device) {
        refused(
                ErrorCode.INVITE_INVALID,
                tx -> AccessRules.register(tx, request(device, SECRET, Optional.of(invite)), false, NOW));
    }

    @Test
    void anInviteDiesWithTheDeviceThatMintedIt() {
        join(LAPTOP, groupInvite(1));
        Principal laptop = new Principal.Device(LAPTOP);
        String group = invite(laptop, new InviteRules.Target.ToGroup(EVERYONE), 5);
        String vault = invite(laptop, new InviteRules.Target.ToVault(MAIN, Role.READ), 5);
        join(PHONE, vault);
        run(tx -> AccessRules.revokeDevice(tx, ADMIN, LAPTOP));
        DeviceId back = new DeviceId(new UUID(3, 3));
        invalid(group, back);
        invalid(vault, back);
        assertFalse(join(PHONE, vault).fresh());
        assertEquals(Optional.of(Role.READ), role(PHONE, MAIN));
        assertTrue(join(back, groupInvite(1)).fresh());
    }

    @Test
    void anInviteSleepsWhileItsMinterDoesNotManageTheVault() {
        join(LAPTOP, groupInvite(1));
        String invite = invite(new Principal.Device(LAPTOP), new InviteRules.Target.ToVault(MAIN, Role.MANAGE), 5);
        run(tx -> GroupRules.putGrant(tx, ADMIN, EVERYONE.toString(), MAIN.toString(), Role.WRITE));
        invalid(invite, PHONE);
        run(tx -> GroupRules.putGrant(tx, ADMIN, EVERYONE.toString(), MAIN.toString(), Role.MANAGE));
        join(PHONE, invite);
        assertEquals(Optional.of(Role.MANAGE), role(PHONE, MAIN));
    }

    @Test
    void aWithdrawnInviteLetsNobodyIn() {
        String invite = groupInvite(3);
        join(LAPTOP, invite);
        List<InviteRules.Shown> shown =
                store.registryRead(tx -> InviteRules.list(tx, new Principal.Device(LAPTOP), Optional.empty(), 10))
                        .rows();
        assertEquals(2, shown.getFirst().invite().usesLeft());
        run(tx -> InviteRules.revoke(tx, ADMIN, shown.getFirst().invite().id()));
        run(tx -> InviteRules.revoke(tx, ADMIN, shown.getFirst().invite().id()));
        refused(
                ErrorCode.INVITE_INVALID,
                tx -> AccessRules.register(tx, request(PHONE, SECRET, Optional.of(invite)), false, NOW));
    }
}
