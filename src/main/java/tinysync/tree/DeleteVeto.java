package tinysync.tree;

import java.util.Optional;

/**
 * When deletions are too many to be believed at once. A vanished disk and a slipped hand look like a wish to delete
 * everything; waiting for a person's word costs little, deleting costs all.
 */
public final class DeleteVeto {
    /** Below this many nobody is asked: emptying a small folder is daily work. */
    private static final long FEW = 100;

    private static final int DEFAULT_PERCENT = 25;

    /** Above this many somebody is always asked, however large the vault. */
    private static final long MANY = 10_000;

    private DeleteVeto() {}

    /**
     * @param count a limit of one's own in items, instead of the defaults
     * @param percent a limit of one's own in percent of the vault
     * @param deletes items that would go, within the last ten minutes
     * @param vault items in the vault before
     */
    public static boolean holds(boolean on, Optional<Long> count, Optional<Integer> percent, long deletes, long vault) {
        if (!on) {
            return false;
        }
        if (count.isPresent()) {
            return deletes > count.get();
        }
        if (percent.isPresent()) {
            return isMoreThan(percent.get(), deletes, vault);
        }
        return deletes > MANY || (deletes > FEW && isMoreThan(DEFAULT_PERCENT, deletes, vault));
    }

    private static boolean isMoreThan(int percent, long deletes, long vault) {
        return deletes * 100 > vault * percent;
    }
}
