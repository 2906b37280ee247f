package tinysync.platform;

/**
 * What the file system below a directory was found to be able to do.
 *
 * @param exchange {@link RenameMode#EXCHANGE} works
 * @param handles identities come from file handles (inode and generation) rather than from birth times
 * @param leases {@link OpenFile#tryReadLease} can be granted
 */
public record Capabilities(boolean exchange, boolean handles, boolean leases) {}
