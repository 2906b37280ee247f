package tinysync.tree;

import tinysync.content.ContentRef;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What the server says of one item, as of some seq.
 *
 * @param parent empty only for the root of a vault
 * @param name {@code ""} only for the root; otherwise a checked {@link ItemName}
 * @param content empty for folders; for a symlink the content is its target as UTF-8 bytes
 * @param target the target text of a symlink, empty for everything else
 * @param mode nine permission bits, 0 … 0777
 * @param mtime empty for folders; a display value, never an order
 * @param deleted whether this item itself is a tombstone (an item below a dead folder is dead without saying so)
 * @param device who last changed it; empty for the root
 * @param attrs an opaque JSON object as text, at most 4 KiB
 */
public record Item(
        ItemId id,
        Optional<ItemId> parent,
        String name,
        Kind kind,
        Optional<ContentRef> content,
        Optional<String> target,
        int mode,
        Optional<Instant> mtime,
        Versions versions,
        boolean deleted,
        Optional<DeviceId> device,
        String attrs) {
    public static final String NO_ATTRS = "{}";
    public static final int DEFAULT_FILE_MODE = 0644;
    public static final int DEFAULT_FOLDER_MODE = 0755;
    public static final int MODE_MASK = 0777;

    public Item {
        Objects.requireNonNull(id);
        Objects.requireNonNull(parent);
        Objects.requireNonNull(name);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(content);
        Objects.requireNonNull(target);
        Objects.requireNonNull(mtime);
        Objects.requireNonNull(versions);
        Objects.requireNonNull(device);
        Objects.requireNonNull(attrs);
        if ((mode & ~MODE_MASK) != 0) {
            throw new IllegalArgumentException("mode outside nine bits");
        }
        if (parent.isEmpty() != name.isEmpty()) {
            throw new IllegalArgumentException("only the root has neither parent nor name");
        }
    }

    /** The root folder of a new vault. */
    public static Item root(ItemId id) {
        return new Item(
                id,
                Optional.empty(),
                "",
                Kind.FOLDER,
                Optional.empty(),
                Optional.empty(),
                DEFAULT_FOLDER_MODE,
                Optional.empty(),
                new Versions(0, 0, 0),
                false,
                Optional.empty(),
                NO_ATTRS);
    }

    public boolean isRoot() {
        return parent.isEmpty();
    }

    public Item withPlace(ItemId newParent, String newName, Versions newVersions, DeviceId by) {
        return new Item(
                id,
                Optional.of(newParent),
                newName,
                kind,
                content,
                target,
                mode,
                mtime,
                newVersions,
                deleted,
                Optional.of(by),
                attrs);
    }

    public Item withContent(
            ContentRef newContent,
            Optional<String> newTarget,
            int newMode,
            Optional<Instant> newMtime,
            Versions newVersions,
            DeviceId by) {
        return new Item(
                id,
                parent,
                name,
                kind,
                Optional.of(newContent),
                newTarget,
                newMode,
                newMtime,
                newVersions,
                deleted,
                Optional.of(by),
                attrs);
    }

    public Item withMeta(int newMode, Optional<Instant> newMtime, String newAttrs, Versions newVersions, DeviceId by) {
        return new Item(
                id,
                parent,
                name,
                kind,
                content,
                target,
                newMode,
                newMtime,
                newVersions,
                deleted,
                Optional.of(by),
                newAttrs);
    }

    public Item withDeleted(boolean nowDeleted, Versions newVersions, DeviceId by) {
        return new Item(
                id, parent, name, kind, content, target, mode, mtime, newVersions, nowDeleted, Optional.of(by), attrs);
    }
}
