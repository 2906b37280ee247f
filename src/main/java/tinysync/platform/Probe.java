package tinysync.platform;

/** Finds out by trying what the file system of a folder can do, with two files that live for a moment. */
final class Probe {
    private final LinuxDir folder;
    private final String first = ".tinysync-probe-" + ProcessHandle.current().pid() + "-a";
    private final String second = ".tinysync-probe-" + ProcessHandle.current().pid() + "-b";

    Probe(LinuxDir folder) {
        this.folder = folder;
    }

    Capabilities run(boolean handles) throws FsException {
        try {
            makeAnew(first);
            makeAnew(second);
            return new Capabilities(canExchange(), handles, canLease());
        } finally {
            removeIfThere(first);
            removeIfThere(second);
        }
    }

    /** A process of the same number may have been killed here. */
    private void makeAnew(String name) throws FsException {
        removeIfThere(name);
        folder.createNew(name, 0600).close();
    }

    private void removeIfThere(String name) throws FsException {
        if (folder.find(name).isPresent()) {
            folder.unlink(name);
        }
    }

    private boolean canExchange() throws FsException {
        try {
            folder.rename(first, folder, second, RenameMode.EXCHANGE);
            return true;
        } catch (FsException refused) {
            return switch (refused.errno()) {
                case EINVAL, ENOSYS, EOPNOTSUPP -> false;
                default -> throw refused;
            };
        }
    }

    private boolean canLease() throws FsException {
        try (OpenFile file = folder.openRead(first)) {
            return file.tryReadLease();
        }
    }
}
