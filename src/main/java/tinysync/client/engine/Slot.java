package tinysync.client.engine;

import java.util.Objects;

/**
 * A place on the disk.
 *
 * @param folder path of the folder below the attachment's root, names joined by {@code /}; {@code ""} for the root
 * @param name one component
 */
public record Slot(String folder, String name) {
    public Slot {
        Objects.requireNonNull(folder);
        Objects.requireNonNull(name);
    }

    public String path() {
        return folder.isEmpty() ? name : folder + "/" + name;
    }
}
