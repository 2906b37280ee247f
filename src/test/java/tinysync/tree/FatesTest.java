package tinysync.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import tinysync.tree.Fates.Fate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

class FatesTest {
    private static final ItemId FOLDER = id(0);
    private static final ItemId INNER = id(1);
    private static final ItemId A = id(2);
    private static final ItemId B = id(3);

    private static ItemId id(long n) {
        return new ItemId(new UUID(0, n));
    }

    /** Of a folder that holds a and a folder with b. */
    private static Fate fateWith(Map<ItemId, Fate> own) {
        Map<ItemId, Collection<ItemId>> inside = Map.of(FOLDER, List.of(A, INNER), INNER, List.of(B));
        return new Fates(id -> Optional.ofNullable(own.get(id)), id -> inside.getOrDefault(id, List.of())).of(FOLDER);
    }

    @Test
    void aFolderHasTheFateOfWhatLiesInIt() {
        assertEquals(Fate.GOES, fateWith(Map.of()));
        assertEquals(Fate.LIVES, fateWith(Map.of(B, Fate.LIVES)));
        assertEquals(Fate.UNDECIDED, fateWith(Map.of(B, Fate.UNDECIDED)));
        assertEquals(Fate.UNDECIDED, fateWith(Map.of(A, Fate.UNDECIDED)));
        assertEquals(Fate.LIVES, fateWith(Map.of(A, Fate.UNDECIDED, B, Fate.LIVES)));
    }

    @Test
    void itsOwnFateComesFirst() {
        assertEquals(Fate.LIVES, fateWith(Map.of(FOLDER, Fate.LIVES, A, Fate.UNDECIDED)));
        assertEquals(Fate.UNDECIDED, fateWith(Map.of(INNER, Fate.UNDECIDED, B, Fate.LIVES)));
    }

    @Test
    void eachIsAskedAboutOnceMoreAtMost() {
        List<ItemId> asked = new ArrayList<>();
        Fates fates =
                new Fates(
                        id -> {
                            asked.add(id);
                            return Optional.empty();
                        },
                        id -> id.equals(FOLDER) ? List.of(A, B) : List.of());
        assertEquals(Fate.GOES, fates.of(FOLDER));
        assertEquals(Fate.GOES, fates.of(A));
        assertEquals(4, asked.size());
    }

    @Test
    void aTreeMayBeDeeperThanAStack() {
        long depth = 200_000;
        Fates fates =
                new Fates(
                        id -> Optional.empty(),
                        id -> id.equals(id(depth)) ? List.of() : List.of(id(id.value().getLeastSignificantBits() + 1)));
        assertEquals(Fate.GOES, fates.of(id(0)));
    }
}
