package tinysync.client.transfer;

import tinysync.client.remote.RemoteException;
import tinysync.wire.ErrorCode;

/** Which refusals mean that this device may not reach something any more. */
final class Access {
    private Access() {}

    /** Of a vault: what one may not know of is not found. */
    static boolean isLost(RemoteException.Refused refused) {
        return refused.isRevoked() || refused.is(ErrorCode.FORBIDDEN) || refused.is(ErrorCode.NOT_FOUND);
    }
}
