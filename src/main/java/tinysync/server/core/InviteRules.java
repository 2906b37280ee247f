package tinysync.server.core;

import tinysync.tree.DeviceId;
import tinysync.tree.VaultId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;
import tinysync.wire.Role;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Invites: minting, listing and withdrawing them. Using one is {@link AccessRules#register}. */
public final class InviteRules {
    private static final int USES_MAX = 1_000_000;
    private static final Duration EXPIRES_MAX = Duration.ofDays(3660);

    private InviteRules() {}

    /** What an invite lets a device into. */
    public sealed interface Target {
        record ToGroup(GroupId group) implements Target {}

        /** Through a group of its own for this vault and role, {@code vault:NAME:role}, made where it is missing. */
        record ToVault(VaultId vault, Role role) implements Target {}
    }

    /** An invite to be minted; {@code expires} counts from now. */
    public record Request(Target target, int uses, Duration expires) {
        public Request {
            Objects.requireNonNull(target);
            Objects.requireNonNull(expires);
        }
    }

    /** Fresh random ids and the secret for {@link #mint}; the invite's text is {@link Secrets#inviteToken}. */
    public record Fresh(InviteId id, String secretHex, Supplier<GroupId> groupIds) {}

    /** An invite with its group, as it is shown. */
    public record Shown(InviteRow invite, GroupRow group) {}

    /**
     * Mints an invite. For a group {@code who} must manage all vaults that it reaches, for a vault that vault; and a
     * device must still when the invite is used.
     *
     * @throws Refusal not_found, forbidden, limit_exceeded
     */
    public static Shown mint(RegistryTx tx, Principal who, Request request, Fresh fresh, Instant now) {
        if (request.uses() < 1 || request.uses() > USES_MAX) {
            throw new Refusal(ErrorCode.LIMIT_EXCEEDED, "an invite has 1 to " + USES_MAX + " uses");
        }
        if (!request.expires().isPositive() || request.expires().compareTo(EXPIRES_MAX) > 0) {
            throw new Refusal(ErrorCode.LIMIT_EXCEEDED, "an invite expires after 1 second to 10 years");
        }
        GroupRow group =
                switch (request.target()) {
                    case Target.ToGroup to -> GroupRules.managed(tx, who, to.group());
                    case Target.ToVault to -> vaultGroup(tx, who, to, fresh.groupIds(), now);
                };
        InviteRow invite =
                new InviteRow(
                        fresh.id(),
                        Secrets.inviteVerifier(Secrets.secretSha256(fresh.secretHex())),
                        group.id(),
                        shownRole(tx, request.target()),
                        request.uses(),
                        now.plus(request.expires()),
                        now,
                        minter(who));
        tx.putInvite(invite);
        return new Shown(invite, group);
    }

    private static Optional<DeviceId> minter(Principal who) {
        return switch (who) {
            case Principal.Admin admin -> Optional.empty();
            case Principal.Device device -> Optional.of(device.id());
        };
    }

    /**
     * Whether whoever minted the invite could do it now: who lost a vault must not come back by what it left behind.
     */
    static boolean stands(RegistryTx tx, InviteRow invite) {
        return invite.minter()
                .map(device -> GroupRules.manages(tx, new Principal.Device(device), invite.group()))
                .orElse(true);
    }

    private static Role shownRole(RegistryTx tx, Target target) {
        return switch (target) {
            case Target.ToVault to -> to.role();
            case Target.ToGroup to ->
                    tx.grantsOf(to.group()).stream().map(GrantRow::role).max(Role::compareTo).orElse(Role.READ);
        };
    }

    private static GroupRow vaultGroup(
            RegistryTx tx, Principal who, Target.ToVault to, Supplier<GroupId> ids, Instant now) {
        AccessRules.requireRole(tx, who, to.vault(), Role.MANAGE);
        VaultRow vault = tx.vault(to.vault()).orElseThrow();
        // The vault may have been renamed since, and another may have taken its old name: then the id tells them apart.
        for (String named : List.of(vault.name(), vault.id().toString())) {
            String name = "vault:" + named + ":" + to.role().wire();
            Optional<GroupRow> there = tx.groupNamed(name);
            GroupRow group = there.orElseGet(() -> new GroupRow(ids.get(), name, now));
            GrantRow grant = new GrantRow(group.id(), to.vault(), to.role());
            if (there.isEmpty()) {
                tx.putGroup(group);
                tx.putGrant(grant);
                return group;
            }
            if (tx.grantsOf(group.id()).equals(List.of(grant))) {
                return group;
            }
        }
        throw new Refusal(ErrorCode.NAME_TAKEN, "the groups for invites to this vault were given other grants");
    }

    /** The invites that {@code who} may withdraw, ordered by id. */
    public static Page<Shown, InviteId> list(RegistryTx tx, Principal who, Optional<InviteId> after, int limit) {
        return Page.of(tx::invites, InviteRow::id, invite -> GroupRules.manages(tx, who, invite.group()), after, limit)
                .map(invite -> new Shown(invite, tx.group(invite.group()).orElseThrow()));
    }

    /**
     * Withdraws an invite; devices that used it stay. For the admin, withdrawing one that is gone changes nothing.
     *
     * @throws Refusal not_found
     */
    public static void revoke(RegistryTx tx, Principal who, InviteId id) {
        Optional<InviteRow> invite = tx.invite(id).filter(row -> GroupRules.manages(tx, who, row.group()));
        switch (who) {
            case Principal.Admin admin -> {}
            case Principal.Device device -> {
                if (invite.isEmpty()) {
                    throw new Refusal(ErrorCode.NOT_FOUND, "no such invite");
                }
            }
        }
        tx.removeInvite(id);
    }
}
