package tinysync.tree;

import java.util.Objects;

/**
 * What an item is, by its word on the wire. Kinds that this version does not know are carried along opaquely, so that
 * an older program neither damages nor deletes what a newer one made.
 */
public record Kind(String wire) {
    public static final Kind FOLDER = new Kind("folder");
    public static final Kind FILE = new Kind("file");
    public static final Kind SYMLINK = new Kind("symlink");

    public Kind {
        Objects.requireNonNull(wire);
    }

    public boolean isFolder() {
        return this.equals(FOLDER);
    }

    public boolean isFile() {
        return this.equals(FILE);
    }

    public boolean isSymlink() {
        return this.equals(SYMLINK);
    }

    /** True for the three kinds this version can put on a disk. */
    public boolean isKnown() {
        return isFolder() || isFile() || isSymlink();
    }

    @Override
    public String toString() {
        return wire;
    }
}
