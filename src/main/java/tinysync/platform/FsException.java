package tinysync.platform;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.Map;
import java.util.Objects;

/** A file operation that failed; the message says what was tried on what, and why it did not work. */
public final class FsException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final Map<String, Errno> WORDS =
            Map.of(
                    "No space left", Errno.ENOSPC,
                    "not enough space", Errno.ENOSPC,
                    "Too many open files", Errno.EMFILE,
                    "Too many levels of symbolic links", Errno.ELOOP,
                    "Read-only file system", Errno.EROFS,
                    "quota exceeded", Errno.EDQUOT,
                    "Not a directory", Errno.ENOTDIR,
                    "Is a directory", Errno.EISDIR,
                    "name too long", Errno.ENAMETOOLONG,
                    "Input/output error", Errno.EIO);

    private final Errno errno;

    /**
     * @param errno the reason to branch on
     * @param attempt what was tried, for people: {@code rename 'a.txt' to 'b.txt' in /home/me}
     */
    public FsException(Errno errno, String attempt) {
        super(attempt + ": " + errno.text() + " (" + errno + ")");
        this.errno = errno;
    }

    FsException(Errno errno, String attempt, IOException cause) {
        super(attempt + ": " + errno.text() + " (" + errno + ")", cause);
        this.errno = Objects.requireNonNull(errno);
    }

    private FsException(String message) {
        super(message);
        this.errno = Errno.OTHER;
    }

    /** From the number that the kernel gave. */
    static FsException numbered(int number, String attempt) {
        Errno errno = Errno.of(number);
        return errno == Errno.OTHER
                ? new FsException(attempt + ": failed (errno " + number + ")")
                : new FsException(errno, attempt);
    }

    /** From what {@code java.nio.file} throws, which names the reason by class or in words only. */
    static FsException of(IOException thrown, String attempt) {
        if (thrown instanceof FsException known) {
            return known;
        }
        String more = String.valueOf(thrown.getMessage());
        // Often it is only the path, which the attempt names already.
        return new FsException(reason(thrown), attempt.contains(more) ? attempt : attempt + " (" + more + ")", thrown);
    }

    private static Errno reason(IOException thrown) {
        return switch (thrown) {
            case NoSuchFileException _ -> Errno.ENOENT;
            case FileAlreadyExistsException _ -> Errno.EEXIST;
            case DirectoryNotEmptyException _ -> Errno.ENOTEMPTY;
            case AccessDeniedException _ -> Errno.EACCES;
            case NotDirectoryException _ -> Errno.ENOTDIR;
            case NotLinkException _ -> Errno.EINVAL;
            case FileSystemLoopException _ -> Errno.ELOOP;
            case AtomicMoveNotSupportedException _ -> Errno.EXDEV;
            case ClosedChannelException _ -> Errno.EBADF;
            default -> reasonInWords(String.valueOf(thrown.getMessage()));
        };
    }

    private static Errno reasonInWords(String message) {
        return WORDS.entrySet().stream()
                .filter(entry -> message.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(Errno.OTHER);
    }

    public Errno errno() {
        return errno;
    }
}
