package tinysync.client.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import tinysync.tree.ItemId;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

class RetriesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final ItemId ITEM = new ItemId(new UUID(1, 1));

    private final Retries retries = new Retries();

    @Test
    void aFullDiskIsToldAtOnceAndTriedAgainSoon() {
        for (String full : new String[] {"no_space", "quota_exceeded"}) {
            retries.succeeded(ITEM);
            retries.later(ITEM, full, "full", NOW);
            assertTrue(retries.all().get(ITEM).isParked(), full);
            assertFalse(retries.isWorking());
            assertEquals(Optional.of(NOW.plus(Duration.ofMillis(200))), retries.deadline());
        }
    }

    @Test
    void whatMayPassIsWorkUntilItHasFailedForSomeSeconds() {
        int tries = 0;
        do {
            retries.later(ITEM, "in_use", "in use", NOW);
            tries++;
        } while (retries.isWorking());
        assertEquals(7, tries);
        assertTrue(retries.all().get(ITEM).isParked());
    }
}
