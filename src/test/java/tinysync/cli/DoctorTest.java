package tinysync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Machines and servers that are not well, as far as they can be made up. */
class DoctorTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir Path system;

    @Test
    void smallLimitsOfTheSystemAreNamedWithTheirCure() throws IOException {
        Files.createDirectories(system.resolve("proc/self"));
        Files.createDirectories(system.resolve("proc/sys/fs/inotify"));
        Files.writeString(
                system.resolve("proc/self/limits"),
                "Limit                     Soft Limit           Hard Limit           Units\n"
                        + "Max open files            256                  1024                 files\n");
        Files.writeString(system.resolve("proc/sys/fs/inotify/max_user_watches"), "8192\n");
        List<Finding> found =
                new MachineCheck(system)
                        .findings().stream().filter(one -> one.grade() == Finding.Grade.ADVICE).toList();
        assertEquals(List.of("open files", "watches", "FUSE"), found.stream().map(Finding::check).toList());
        assertEquals("at most 1024 at once", found.get(0).message());
        assertTrue(found.get(1).cure().contains("sysctl fs.inotify.max_user_watches="), found.get(1).cure());
        assertTrue(found.get(2).cure().contains("fuse3"), found.get(2).cure());
    }

    @Test
    void whatASystemDoesNotTellIsNotMadeUp() {
        List<String> checks = new MachineCheck(system).findings().stream().map(Finding::check).toList();
        assertEquals(List.of("Java", "locale", "database"), checks);
    }

    @Test
    void clocksThatDisagreeAreMeasured() {
        assertEquals(
                "clock: agrees with the server's", ServerCheck.clock(NOON, NOON.plusSeconds(60)).text().substring(8));
        assertTrue(ServerCheck.clock(NOON, NOON.plusSeconds(61)).message().equals("is 61 s ahead of the server's"));
        assertTrue(ServerCheck.clock(NOON.plusSeconds(90), NOON).message().equals("is 90 s behind the server's"));
    }

    @Test
    void aCertificateIsRenewedInTime() {
        Duration fortnight = Duration.ofDays(14);
        assertEquals(Finding.Grade.ADVICE, ServerCheck.certificate(NOON.plus(fortnight), NOON).grade());
        Finding good = ServerCheck.certificate(NOON.plus(fortnight).plusSeconds(1), NOON);
        assertEquals("the certificate is good for 14 days", good.message());
    }

    @Test
    void whatIsNotWellHasACure() {
        assertThrows(IllegalArgumentException.class, () -> Finding.bad("disk", "is full", ""));
    }
}
