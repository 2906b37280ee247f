package tinysync.client.transfer;

import tinysync.client.engine.TransferOutcome;
import tinysync.client.engine.TransferOutcome.Failed;
import tinysync.client.remote.RemoteException;
import tinysync.content.CorruptContentException;
import tinysync.platform.FsException;

import java.io.IOException;

/** Says in the words of {@code status} why a transfer did not work, and whether waiting may help. */
final class Failures {
    static final String NO_SPACE = "no_space";

    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY = 429;
    private static final int CONFLICT = 409;

    private Failures() {}

    static Failed of(RemoteException failed) {
        return switch (failed) {
            case RemoteException.Unreachable _ -> new Failed("offline", failed.getMessage(), true);
            case RemoteException.Garbled _ -> new Failed("bad_answer", failed.getMessage(), true);
            case RemoteException.Refused refused ->
                    new Failed(refused.code(), refused.getMessage(), isPassing(refused.status()));
        };
    }

    /** A conflict (content that was collected meanwhile) ends when the transfer starts over. */
    private static boolean isPassing(int status) {
        return status >= SERVER_ERROR || status == TOO_MANY || status == CONFLICT;
    }

    /** A failure of this device's own disk, or bytes that are not what they should be. */
    static Failed of(IOException failed) {
        if (failed instanceof CorruptContentException) {
            return new Failed("corrupt_content", failed.getMessage(), true);
        }
        return new Failed(reason(failed), String.valueOf(failed.getMessage()), true);
    }

    static Failed interrupted() {
        Thread.currentThread().interrupt();
        return new Failed("stopped", "stopped half-way", true);
    }

    /** What lies at a place is not the file any more that was to be read there. */
    static boolean isGone(FsException failed) {
        return switch (failed.errno()) {
            case ENOENT, ENOTDIR, EISDIR, ELOOP, EINVAL, EXDEV -> true;
            default -> false;
        };
    }

    static TransferOutcome ofSource(FsException failed) {
        return isGone(failed) ? new TransferOutcome.SourceChanged() : of(failed);
    }

    private static String reason(IOException failed) {
        if (failed instanceof FsException known) {
            return switch (known.errno()) {
                case ENOSPC, EDQUOT -> NO_SPACE;
                case EACCES, EPERM -> "permission_denied";
                case EROFS -> "read_only";
                case EFBIG -> "file_too_large";
                case EMFILE, ENFILE -> "too_many_open_files";
                case EBUSY, ETXTBSY, EAGAIN -> "in_use";
                default -> "io_error";
            };
        }
        // The JDK's channels tell a full disk by words only.
        return String.valueOf(failed.getMessage()).contains("No space left") ? NO_SPACE : "io_error";
    }
}
