package tinysync.client.folder;

import tinysync.platform.Dir;
import tinysync.platform.FsException;
import tinysync.platform.OpenFile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The folders that one batch of operations works in: opened once each, and made durable together at the end. */
final class Folders implements AutoCloseable {
    /** From here on one flush of the whole file system costs less than one of each folder. */
    private static final int SINGLY_MAX = 16;

    private final Root root;
    private final Map<String, Dir> byPath = new HashMap<>();
    private final List<Dir> open = new ArrayList<>();
    private final Set<Dir> touched = new HashSet<>();
    private int singleFiles;
    private boolean overflowed;

    Folders(Root root) {
        this.root = root;
    }

    /** Call before each operation; folders that were given out before may be closed by it. */
    void beginOperation() throws FsException {
        if (open.size() >= SINGLY_MAX) {
            overflowed |= !touched.isEmpty();
            closeAll();
        }
    }

    /** The folder at a path below the root; it belongs to this object, and is open until the operation ends. */
    Dir at(String path) throws FsException {
        Dir known = byPath.get(path);
        if (known != null) {
            return known;
        }
        Dir opened = root.folder().resolve(path);
        open.add(opened);
        byPath.put(path, opened);
        return opened;
    }

    /** A name in this folder, one of {@link #at} or of the root's own, was made, changed or removed. */
    void touch(Dir folder) {
        touched.add(folder);
    }

    /** The attributes of this file changed and shall be durable in the end. */
    void touch(OpenFile file) throws FsException {
        if (++singleFiles > SINGLY_MAX && root.flushesWhole()) {
            overflowed = true;
        } else {
            file.fsync();
        }
    }

    /** A folder was moved or removed: paths may lead elsewhere now. */
    void forgetPaths() {
        byPath.clear();
    }

    /** Makes every touched folder durable. */
    void sync() throws FsException {
        if (overflowed && root.flushesWhole()) {
            root.folder().syncFilesystem();
            return;
        }
        for (Dir folder : touched) {
            folder.fsync();
        }
    }

    private void closeAll() throws FsException {
        if (!root.flushesWhole()) {
            for (Dir folder : touched) {
                folder.fsync();
            }
        }
        touched.removeAll(open);
        close();
    }

    @Override
    public void close() {
        open.forEach(Dir::close);
        open.clear();
        byPath.clear();
    }
}
