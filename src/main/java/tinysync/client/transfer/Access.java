package tinysync.client.transfer;

import tinysync.client.remote.RemoteException;
import tinysync.wire.ErrorCode;

/** Which refusals mean that this device may not reach something any more. */
final class Access {
    private Access() {}

    /** Of a vault: what one may not know of is not found. */
    static boolean isLost(RemoteException.Refused refused) {
        return isRevoked(refused) || refused.is(ErrorCode.FORBIDDEN) || refused.is(ErrorCode.NOT_FOUND);
    }

    /** Of the server as a whole. */
    static boolean isRevoked(RemoteException.Refused refused) {
        return refused.is(ErrorCode.UNAUTHENTICATED) || refused.is(ErrorCode.DEVICE_REVOKED);
    }
}
