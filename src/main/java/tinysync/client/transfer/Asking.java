package tinysync.client.transfer;

import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.tree.Cursor;
import tinysync.tree.VaultId;
import tinysync.wire.Me;
import tinysync.wire.WaitCodec;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The thread of a {@link Link} that asks by HTTP: what is in reach, and where the heads are. */
final class Asking implements Runnable {
    private final ServerApi api;
    private final Standing standing;

    Asking(ServerApi api, Standing standing) {
        this.api = Objects.requireNonNull(api);
        this.standing = Objects.requireNonNull(standing);
    }

    /** Until the link stops. */
    @Override
    public void run() {
        for (Standing.Task task = standing.nextTask(); task != Standing.Task.STOP; task = standing.nextTask()) {
            try {
                perform(task);
                standing.endCall();
            } catch (RemoteException failed) {
                // A call that was broken off has not failed: there is something better to do.
                if (!standing.endCall()) {
                    failed(failed);
                    standing.pauseAsking();
                }
            }
        }
    }

    private void perform(Standing.Task task) throws RemoteException {
        switch (task) {
            case ASK -> learn();
            case POLL -> waitForHeads(WaitCodec.TIMEOUT_MAX);
            case CONFIRM -> waitForHeads(Duration.ZERO);
            case STOP -> throw new IllegalStateException("nothing is to be done any more");
        }
    }

    /** Which vaults are in reach, and where their heads are. */
    private void learn() throws RemoteException {
        Set<VaultId> inReach = new HashSet<>();
        api.me().vaults().stream().map(Me.Reach::id).forEach(inReach::add);
        standing.answered();
        for (VaultId vault : standing.watched()) {
            if (inReach.contains(vault)) {
                standing.heard(vault, api.vault(vault).head());
            } else {
                standing.lost(vault, "this device has no access to the vault");
            }
        }
    }

    private void waitForHeads(Duration timeout) throws RemoteException {
        Map<VaultId, Cursor> known = standing.heads();
        Map<VaultId, Cursor> moved = api.await(known, timeout);
        standing.confirmed(known.keySet(), moved);
    }

    private void failed(RemoteException failed) {
        switch (failed) {
            case RemoteException.Refused refused when refused.isRevoked() ->
                    standing.revoked(String.valueOf(refused.getMessage()));
            // An answer that depends on a vault: a fork, or one that is no longer ours. Asking anew tells.
            case RemoteException.Refused refused when !refused.isTemporary() -> standing.ask();
            case RemoteException.Refused refused -> standing.offline(String.valueOf(refused.getMessage()));
            case RemoteException.Unreachable gone -> standing.offline(String.valueOf(gone.getMessage()));
            case RemoteException.Garbled foreign -> standing.offline(String.valueOf(foreign.getMessage()));
        }
    }
}
