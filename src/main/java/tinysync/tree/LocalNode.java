package tinysync.tree;

import tinysync.content.ContentRef;

import java.util.Objects;
import java.util.Optional;

/**
 * What a device's own disk holds of one item (the Local tree).
 *
 * @param parent the item id of the folder it lies in; empty only for the root
 * @param name its name on this disk, which may be a disguise of the name in the vault
 * @param content the hash of its bytes, empty for folders and while a file waits to be hashed
 * @param target the target of a symlink
 * @param trusted false when the bytes were hashed so soon after the last change that a later change might hide behind
 *     the same time stamp; such a file is hashed again at the next scan
 */
public record LocalNode(
        ItemId id,
        Optional<ItemId> parent,
        String name,
        Kind kind,
        Fingerprint fingerprint,
        Optional<ContentRef> content,
        Optional<String> target,
        boolean trusted,
        Presence presence) {
    public LocalNode {
        Objects.requireNonNull(id);
        Objects.requireNonNull(parent);
        Objects.requireNonNull(name);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(fingerprint);
        Objects.requireNonNull(content);
        Objects.requireNonNull(target);
        Objects.requireNonNull(presence);
    }

    public boolean isPresent() {
        return presence instanceof Presence.Present;
    }

    public boolean isAbsent() {
        return presence instanceof Presence.Absent;
    }

    /** True while nothing may be concluded about this node: unreadable, or not part of the vault by a rule. */
    public boolean isOpaque() {
        return presence instanceof Presence.Unknown || presence instanceof Presence.Excluded;
    }

    /** Present, and for a file: its bytes are known. */
    public boolean isSettled() {
        return isPresent() && (!kind.isFile() || content.isPresent());
    }

    public LocalNode withId(ItemId newId) {
        return new LocalNode(newId, parent, name, kind, fingerprint, content, target, trusted, presence);
    }

    public LocalNode withPlace(ItemId newParent, String newName) {
        return new LocalNode(
                id, Optional.of(newParent), newName, kind, fingerprint, content, target, trusted, presence);
    }

    public LocalNode withPresence(Presence now) {
        return new LocalNode(id, parent, name, kind, fingerprint, content, target, trusted, now);
    }

    public LocalNode withFingerprint(Fingerprint now) {
        return new LocalNode(id, parent, name, kind, now, content, target, trusted, presence);
    }

    public LocalNode withContent(Optional<ContentRef> now, boolean nowTrusted) {
        return new LocalNode(id, parent, name, kind, fingerprint, now, target, nowTrusted, presence);
    }
}
