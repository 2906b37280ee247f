package tinysync.client.folder;

import tinysync.platform.FsException;

import java.util.Locale;

/** The short words by which {@code status} tells why the disk refused something. */
final class Reasons {
    private Reasons() {}

    static String of(FsException failed) {
        return switch (failed.errno()) {
            case ENOSPC, EDQUOT -> "no_space";
            case EACCES, EPERM -> "permission_denied";
            case ENAMETOOLONG -> "name_too_long";
            case EROFS -> "read_only";
            case EIO, OTHER, ESTALE -> "io_error";
            case EINVAL, EILSEQ -> "name_not_possible";
            case EFBIG -> "file_too_large";
            case EXDEV -> "mount_point";
            case EMFILE, ENFILE -> "too_many_open_files";
            case EBUSY, ETXTBSY, EAGAIN -> "in_use";
            default -> failed.errno().name().toLowerCase(Locale.ROOT);
        };
    }

    /** Whether the place named is not there, or no longer of the kind that was meant. */
    static boolean isGone(FsException failed) {
        return switch (failed.errno()) {
            case ENOENT, ENOTDIR, ELOOP -> true;
            default -> false;
        };
    }
}
