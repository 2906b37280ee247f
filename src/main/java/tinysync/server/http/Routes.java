package tinysync.server.http;

import java.util.List;
import java.util.stream.Stream;

/**
 * All calls that there are. Paths with fixed words stand before those with a parameter in the same place.
 *
 * <pre>
 * PublicCalls    GET /healthz  /readyz  /metrics  /join  /v1/info
 * DeviceCalls    POST GET /v1/devices   POST /v1/devices/clone   GET DELETE /v1/devices/{d}
 *                GET /v1/me   POST /v1/session
 * GroupCalls     GET /v1/groups   PUT DELETE /v1/groups/{g}   …/devices/{d}   …/vaults/{v}
 * InviteCalls    POST GET /v1/invites   DELETE /v1/invites/{i}
 * AdminCalls     POST /v1/admin/token/rotate
 * VaultCalls     POST GET /v1/vaults   GET PATCH DELETE /v1/vaults/{v}
 * LogCalls       GET /v1/vaults/{v}/snapshot  …/log   POST …/log/common
 *                GET …/items/{item}  …/items/{item}/children  …/children
 * LongPolls      POST /v1/wait
 * CommitCalls    POST /v1/vaults/{v}/commit
 * UploadCalls    POST …/content/missing   PUT …/chunks/{hash}  …/content/{hash}  …/manifests/{hash}
 * DownloadCalls  POST …/content/fetch   GET HEAD …/content/{hash}   GET …/manifests/{hash}
 * </pre>
 */
final class Routes {
    private Routes() {}

    static List<Route> all(HttpServices services, ServerFacts facts, LongPolls polls) {
        DamagedChunks damaged = new DamagedChunks();
        return Stream.of(
                        new PublicCalls(services, facts).routes(),
                        new DeviceCalls(services).routes(),
                        new GroupCalls(services).routes(),
                        new InviteCalls(services, facts).routes(),
                        new AdminCalls(services).routes(),
                        new VaultCalls(services).routes(),
                        new LogCalls(services).routes(),
                        polls.routes(),
                        new CommitCalls(services).routes(),
                        new UploadCalls(services, damaged).routes(),
                        new DownloadCalls(services, damaged).routes())
                .flatMap(List::stream)
                .toList();
    }
}
