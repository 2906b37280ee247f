package tinysync.server.http;

import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.server.blob.BlobStore;
import tinysync.server.core.Store;
import tinysync.server.live.Access;
import tinysync.server.live.AccessWatch;
import tinysync.server.live.Attempts;
import tinysync.server.live.HeadHub;
import tinysync.server.live.Metrics;
import tinysync.server.live.Origins;
import tinysync.server.live.Vaults;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What the handlers need of the server.
 *
 * @param spill a folder for bodies that do not fit into memory
 * @param rotateAdminToken replaces the admin token, durably, and gives the new one
 */
public record HttpServices(
        Store store,
        BlobStore blobs,
        Access access,
        Attempts attempts,
        Origins origins,
        AccessWatch watch,
        HeadHub hub,
        Vaults vaults,
        Metrics metrics,
        SystemClock clock,
        SystemRandom random,
        Path spill,
        Supplier<String> rotateAdminToken) {
    public HttpServices {
        Objects.requireNonNull(store);
        Objects.requireNonNull(blobs);
        Objects.requireNonNull(access);
        Objects.requireNonNull(attempts);
        Objects.requireNonNull(origins);
        Objects.requireNonNull(watch);
        Objects.requireNonNull(hub);
        Objects.requireNonNull(vaults);
        Objects.requireNonNull(metrics);
        Objects.requireNonNull(clock);
        Objects.requireNonNull(random);
        Objects.requireNonNull(spill);
        Objects.requireNonNull(rotateAdminToken);
    }
}
