package tinysync.server.core;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import tinysync.content.Chunking;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A policy that a store cannot give back as it was would stop every reading of the vault. */
class VaultPolicyTest {
    private static VaultPolicy policy(List<String> merge, Optional<Duration> retention, Optional<Long> quota) {
        return new VaultPolicy(NamePolicy.PORTABLE, merge, retention, quota, Chunking.DEFAULT);
    }

    @Test
    void globsAreOneLineEach() {
        for (String bad : List.of("", "a\nb", "a\rb", "a\r", "\n")) {
            assertThrows(
                    IllegalArgumentException.class, () -> policy(List.of(bad), Optional.empty(), Optional.empty()));
        }
    }

    @Test
    void timesArePositiveAndOfWholeSeconds() {
        for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofMillis(1_500))) {
            assertThrows(IllegalArgumentException.class, () -> policy(List.of(), Optional.of(bad), Optional.empty()));
        }
    }

    @Test
    void aQuotaIsNotNegative() {
        assertThrows(IllegalArgumentException.class, () -> policy(List.of(), Optional.empty(), Optional.of(-1L)));
    }
}
