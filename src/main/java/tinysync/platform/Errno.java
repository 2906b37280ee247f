package tinysync.platform;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Why a file operation failed, in the words of POSIX; the numbers are those of Linux on every processor. */
public enum Errno {
    EPERM(1, "not permitted"),
    ENOENT(2, "does not exist"),
    EINTR(4, "interrupted"),
    EIO(5, "input/output error"),
    ENXIO(6, "no such device"),
    EBADF(9, "is closed"),
    EAGAIN(11, "is held by another program"),
    ENOMEM(12, "out of memory"),
    EACCES(13, "permission denied"),
    EBUSY(16, "is in use"),
    EEXIST(17, "exists already"),
    EXDEV(18, "is on another file system"),
    ENOTDIR(20, "is not a folder"),
    EISDIR(21, "is a folder"),
    EINVAL(22, "is not possible here"),
    ENFILE(23, "too many files are open on this machine"),
    EMFILE(24, "too many files are open in this process"),
    ETXTBSY(26, "is a program that runs"),
    EFBIG(27, "is too large for this file system"),
    ENOSPC(28, "no space is left on the disk"),
    EROFS(30, "the file system is read-only"),
    EMLINK(31, "has too many links"),
    ENAMETOOLONG(36, "the name is too long"),
    ENOSYS(38, "is unknown to this system"),
    ENOTEMPTY(39, "is not empty"),
    ELOOP(40, "is a symbolic link"),
    EOVERFLOW(75, "a value is too large"),
    EILSEQ(84, "is not valid UTF-8"),
    EOPNOTSUPP(95, "is not supported by this file system"),
    ESTALE(116, "the file is gone from its server"),
    EDQUOT(122, "the disk quota is used up"),
    /** Any other; the message of the exception has its number. */
    OTHER(0, "failed");

    private static final Map<Integer, Errno> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Errno::number, Function.identity()));

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    int number() {
        return number;
    }

    /** A few words that follow the name of the file: {@code exists already}. */
    public String text() {
        return text;
    }

    static Errno of(int number) {
        return BY_NUMBER.getOrDefault(number, OTHER);
    }
}
