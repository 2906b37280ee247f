package tinysync.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tinysync.platform.SystemClock;
import tinysync.server.core.AccessRules;
import tinysync.server.core.GroupId;
import tinysync.server.core.Principal;
import tinysync.server.core.RegistryTx;
import tinysync.server.core.Store;
import tinysync.server.core.StoreException;
import tinysync.server.core.VaultStore;
import tinysync.server.store.MemoryStore;
import tinysync.tree.DeviceId;
import tinysync.tree.VaultId;
import tinysync.wire.DeviceToken;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;
import tinysync.wire.Role;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

class AccessTest {
    private static final Instant NOW = Instant.parse("2001-01-01T00:00:00Z");
    private static final VaultId MAIN = new VaultId(new UUID(1, 1));
    private static final DeviceToken TOKEN = new DeviceToken(new DeviceId(new UUID(2, 2)), "7".repeat(64));

    private final FullDisk store = new FullDisk();
    private final AccessWatch watch = new AccessWatch();
    private final Access access = new Access(store, new SystemClock(), watch);

    /** Takes no more writes once it is full. */
    private static final class FullDisk implements Store {
        private final MemoryStore store = new MemoryStore();
        private boolean full;

        @Override
        public <T> T registry(Function<RegistryTx, T> work) {
            if (full) {
                throw new StoreException(StoreException.Trouble.FULL, "planted", new IllegalStateException());
            }
            return store.registry(work);
        }

        @Override
        public <T> T registryRead(Function<RegistryTx, T> work) {
            return store.registryRead(work);
        }

        @Override
        public VaultStore vault(VaultId id) {
            return store.vault(id);
        }

        @Override
        public void dropVault(VaultId id) {
            store.dropVault(id);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    @BeforeEach
    void register() {
        AccessRules.FirstIds ids = new AccessRules.FirstIds(new UUID(0, 9), MAIN, new GroupId(new UUID(0, 8)));
        store.registry(tx -> AccessRules.bootstrap(tx, ids, "5".repeat(64), NOW));
        AccessRules.RegistrationRequest request =
                new AccessRules.RegistrationRequest(TOKEN.device(), TOKEN.secretSha256(), "laptop", Optional.empty());
        store.registry(tx -> AccessRules.register(tx, request, true, NOW));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aDeviceIsLetInThoughTheDiskIsTooFullToNoteIt() {
        store.full = true;
        assertEquals(new Principal.Device(TOKEN.device()), access.authenticate(TOKEN.format()));
    }

    @Test
    void whenADeviceWasSeenIsNoted() {
        access.authenticate(TOKEN.format());
        Instant seen = access.read(tx -> tx.device(TOKEN.device()).orElseThrow().seen());
        assertTrue(seen.isAfter(NOW), "seen " + seen);
    }

    @Test
    void aTokenAloneOpensNoVault() {
        Refusal refusal = assertThrows(Refusal.class, () -> access.authenticate(TOKEN.format(), MAIN, Role.READ));
        assertEquals(ErrorCode.NOT_FOUND, refusal.code());
        String admin = "tsadm_" + "5".repeat(64);
        assertEquals(new Principal.Admin(), access.authenticate(admin, MAIN, Role.MANAGE));
    }
}
