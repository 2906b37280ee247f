package tinysync.client.engine;

import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;
import tinysync.tree.VaultId;

import java.util.Objects;
import java.util.Optional;

/**
 * What an engine is told once.
 *
 * @param root the item id of the vault's root folder
 * @param deviceName for the names of conflict copies
 * @param portableNames siblings are unique by fold key (else by name)
 * @param canWrite the device's role allows changes to the vault
 * @param selection where the disk shall differ from the vault
 * @param treeBytesMax memory that the trees may take, in bytes: a vault that needs more is not followed
 */
public record EngineOptions(
        VaultId vault,
        ItemId root,
        DeviceId device,
        String deviceName,
        boolean portableNames,
        boolean canWrite,
        HoldLimit holdDeletes,
        Selection selection,
        long treeBytesMax) {
    public EngineOptions {
        Objects.requireNonNull(vault);
        Objects.requireNonNull(root);
        Objects.requireNonNull(device);
        Objects.requireNonNull(deviceName);
        Objects.requireNonNull(holdDeletes);
        Objects.requireNonNull(selection);
    }

    /** When deletions are held for a person's word ({@code --hold-deletes N|P%|off}). */
    public record HoldLimit(boolean on, Optional<Long> count, Optional<Integer> percent) {
        /** More than 100 and more than a quarter of the vault, or more than 10,000. */
        public static final HoldLimit DEFAULT = new HoldLimit(true, Optional.empty(), Optional.empty());

        public static final HoldLimit OFF = new HoldLimit(false, Optional.empty(), Optional.empty());
    }
}
