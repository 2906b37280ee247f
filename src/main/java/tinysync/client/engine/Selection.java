package tinysync.client.engine;

import java.util.Set;

/**
 * Where a person wants this disk to differ from the vault.
 *
 * @param keptLocal paths below the root, names joined by {@code /}, of what left the vault and stays on this disk
 *     alone: ignored here, except while the vault holds something of that name
 */
public record Selection(Set<String> keptLocal) {
    /** The vault as it is. */
    public static final Selection WHOLE = new Selection(Set.of());

    /** So that the list of them stays small; a folder is one. */
    public static final int KEPT_MAX = 10_000;

    public Selection {
        keptLocal = Set.copyOf(keptLocal);
    }
}
