package tinysync.server.core;

import tinysync.content.Chunking;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an operator decides about a vault.
 *
 * @param merge globs of the text files that are merged instead of copied; none by default
 * @param names fixed once the vault has items
 * @param retention how long old versions and tombstones are kept; empty is for ever
 * @param quotaBytes how many bytes of content the vault may store, history included; empty is without limit
 * @param chunking fixed when the vault is made
 */
public record VaultPolicy(
        NamePolicy names,
        List<String> merge,
        Optional<Duration> retention,
        Optional<Long> quotaBytes,
        Chunking chunking) {

    /** Portable names, nothing merged, everything kept, no quota. */
    public static final VaultPolicy DEFAULT =
            new VaultPolicy(NamePolicy.PORTABLE, List.of(), Optional.empty(), Optional.empty(), Chunking.DEFAULT);

    public VaultPolicy {
        Objects.requireNonNull(names);
        merge = List.copyOf(merge);
        if (merge.stream().anyMatch(g -> !List.of(g).equals(g.lines().toList()))) {
            throw new IllegalArgumentException("a merge glob is one non-empty line");
        }
        if (retention.filter(r -> !r.isPositive() || r.getNano() != 0).isPresent()) {
            throw new IllegalArgumentException("retention must be a positive number of whole seconds");
        }
        if (quotaBytes.filter(q -> q < 0).isPresent()) {
            throw new IllegalArgumentException("quota must not be negative");
        }
        Objects.requireNonNull(chunking);
    }
}
