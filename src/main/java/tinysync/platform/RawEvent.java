package tinysync.platform;

import java.util.Objects;
import java.util.Set;

/**
 * One change that {@link Inotify} tells of.
 *
 * @param watch the number that {@link Inotify#add} gave; -1 for {@link Flag#OVERFLOW}
 * @param flags what happened; unmodifiable
 * @param cookie equal and not 0 for the two halves of a move, else 0
 * @param name the entry within the watched folder, or {@code ""} when the event is about the folder itself
 */
public record RawEvent(int watch, Set<Flag> flags, int cookie, String name) {
    /** What an event says; the numbers are those of {@code inotify(7)}. */
    public enum Flag {
        MODIFY(0x2),
        ATTRIB(0x4),
        CLOSE_WRITE(0x8),
        MOVED_FROM(0x40),
        MOVED_TO(0x80),
        CREATE(0x100),
        DELETE(0x200),
        DELETE_SELF(0x400),
        MOVE_SELF(0x800),
        UNMOUNT(0x2000),
        /** Events were lost: everything watched must be looked at anew. */
        OVERFLOW(0x4000),
        /** The watch is gone, by {@link Inotify#remove} or because its folder is. */
        IGNORED(0x8000),
        IS_FOLDER(0x40000000),
        /** The name is not UTF-8; what is given shows those bytes as {@code \xHH}. */
        NAME_NOT_UTF8(0);

        private final int bit;

        Flag(int bit) {
            this.bit = bit;
        }

        int bit() {
            return bit;
        }
    }

    public RawEvent {
        Objects.requireNonNull(name);
        flags = Set.copyOf(flags);
    }

    public boolean is(Flag flag) {
        return flags.contains(flag);
    }
}
