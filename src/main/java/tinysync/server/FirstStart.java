package tinysync.server;

import tinysync.content.Hash;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.server.core.AccessRules;
import tinysync.server.core.GroupId;
import tinysync.server.core.InviteId;
import tinysync.server.core.InviteRules;
import tinysync.server.core.Principal;
import tinysync.server.core.RegistryTx;
import tinysync.server.core.Secrets;
import tinysync.server.core.Store;
import tinysync.server.core.VaultPolicy;
import tinysync.server.live.Vaults;
import tinysync.tree.VaultId;
import tinysync.wire.InviteCode;
import tinysync.wire.InviteText;
import tinysync.wire.Refusal;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** What is made when a server first starts: an admin token, vault {@code main}, group {@code everyone}, an invite. */
final class FirstStart {
    private static final int SECRET_BYTES = 32;
    private static final int USES = 10;
    private static final Duration EXPIRES = Duration.ofDays(7);

    private final DataFolder folder;
    private final Store store;
    private final SystemClock clock;
    private final SystemRandom random;

    FirstStart(DataFolder folder, Store store, SystemClock clock, SystemRandom random) {
        this.folder = folder;
        this.store = store;
        this.clock = clock;
        this.random = random;
    }

    /** Whether this is the first start. In any case the token in the file is the one that opens afterwards. */
    boolean run() throws StartException {
        String secret = folder.adminSecret().orElseGet(folder::newAdminSecret);
        if (store.registryRead(AccessRules::serverId).isPresent()) {
            keepAdminSecret(secret);
            return false;
        }
        VaultId main = new VaultId(random.uuid());
        Vaults.create(store, random, main, VaultPolicy.DEFAULT);
        AccessRules.FirstIds ids = new AccessRules.FirstIds(random.uuid(), main, new GroupId(random.uuid()));
        return store.registry(tx -> AccessRules.bootstrap(tx, ids, secret, clock.now()));
    }

    private void keepAdminSecret(String secret) {
        String token = Secrets.adminToken(secret);
        if (!store.registryRead(tx -> opens(tx, token))) {
            store.registry(
                    tx -> {
                        AccessRules.setAdminSecret(tx, secret);
                        return true;
                    });
        }
    }

    private static boolean opens(RegistryTx tx, String token) {
        try {
            return AccessRules.authenticate(tx, token) instanceof Principal.Admin;
        } catch (Refusal refused) {
            return false;
        }
    }

    /** Mints the invite for the first devices. */
    String invite(URI base, Optional<Hash> pin) {
        String secret = HexFormat.of().formatHex(random.bytes(SECRET_BYTES));
        Instant now = clock.now();
        InviteRules.Shown shown =
                store.registry(
                        tx -> {
                            GroupId everyone = tx.groupNamed(AccessRules.EVERYONE).orElseThrow().id();
                            return InviteRules.mint(
                                    tx,
                                    new Principal.Admin(),
                                    new InviteRules.Request(new InviteRules.Target.ToGroup(everyone), USES, EXPIRES),
                                    new InviteRules.Fresh(
                                            new InviteId(random.uuid()), secret, () -> new GroupId(random.uuid())),
                                    now);
                        });
        InviteCode code = new InviteCode(shown.invite().id().value(), secret);
        return new InviteText(base, code, pin).format();
    }
}
