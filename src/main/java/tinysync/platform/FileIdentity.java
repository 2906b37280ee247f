package tinysync.platform;

import java.util.Objects;

/**
 * Which file it is, whatever its name: equal before and after a rename, different for a new file that got the inode
 * number of a removed one.
 *
 * <p>The text is opaque and compared whole. On Linux it is {@code DEVICE-h:TYPE:HANDLE} from {@code name_to_handle_at},
 * or {@code DEVICE-b:INODE:BIRTHTIME} where the file system has no lasting handles. It is local to this machine, and
 * the device part can change when a disk is attached anew.
 *
 * @param value never blank
 */
public record FileIdentity(String value) {
    public FileIdentity {
        Objects.requireNonNull(value);
        if (value.isBlank()) {
            throw new IllegalArgumentException("an identity is never blank");
        }
    }
}
