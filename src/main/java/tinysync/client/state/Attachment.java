package tinysync.client.state;

import tinysync.client.engine.Selection;
import tinysync.tree.ItemId;
import tinysync.tree.VaultId;
import tinysync.wire.Role;

import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;

/**
 * A vault that is kept in a folder, or shown as a drive, on this device.
 *
 * @param name how commands call it; unique within a home, never blank
 * @param id names its database and its root's marker; new for every attachment, so that no old state is taken for it
 * @param root the item id of the vault's root folder
 * @param role what this device could do when it was last told
 * @param path absolute
 * @param selection where the disk shall differ from the vault
 */
public record Attachment(
        String name,
        UUID id,
        VaultId vault,
        ItemId root,
        Role role,
        Mode mode,
        Path path,
        boolean paused,
        Selection selection) {
    public Attachment {
        Objects.requireNonNull(id);
        Objects.requireNonNull(vault);
        Objects.requireNonNull(root);
        Objects.requireNonNull(role);
        Objects.requireNonNull(mode);
        Objects.requireNonNull(selection);
        if (name.isBlank()) {
            throw new IllegalArgumentException("an attachment has a name");
        }
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("an attachment's path is absolute");
        }
    }

    /** How the vault is presented; the lower-case name is the word in files and output. */
    public enum Mode {
        FOLDER,
        DRIVE
    }

    /** A new attachment of a whole vault. */
    public static Attachment of(String name, UUID id, VaultId vault, ItemId root, Role role, Mode mode, Path path) {
        return new Attachment(name, id, vault, root, role, mode, path, false, Selection.WHOLE);
    }

    public Attachment withRole(Role newRole) {
        return new Attachment(name, id, vault, root, newRole, mode, path, paused, selection);
    }

    public Attachment withPath(Path newPath) {
        return new Attachment(name, id, vault, root, role, mode, newPath, paused, selection);
    }

    public Attachment withPaused(boolean nowPaused) {
        return new Attachment(name, id, vault, root, role, mode, path, nowPaused, selection);
    }

    public Attachment withSelection(Selection newSelection) {
        return new Attachment(name, id, vault, root, role, mode, path, paused, newSelection);
    }
}
