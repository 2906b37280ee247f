package tinysync.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;

/** The contract on the real kernel, and what only Linux can do. */
class LinuxDirTest extends DirContract {
    @Override
    Dir open(Path path) throws FsException {
        return assertInstanceOf(LinuxDir.class, Disk.open(path));
    }

    static void shell(Path folder, String script, String... arguments) throws Exception {
        String[] command =
                Stream.concat(Stream.of("sh", "-c", script, "sh"), Stream.of(arguments)).toArray(String[]::new);
        Process process = new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start();
        assertEquals(0, process.waitFor());
    }

    @Test
    void exchangeSwapsTwoNamesOfAnyKind() throws Exception {
        put("a", "A");
        root.mkdir("d", 0755);
        root.rename("a", root, "d", RenameMode.EXCHANGE);
        assertEquals("A", content("d"));
        assertEquals(FileKind.FOLDER, root.find("a").orElseThrow().stat().kind());
        refused(Errno.ENOENT, () -> root.rename("d", root, "absent", RenameMode.EXCHANGE));
    }

    @Test
    void timesBeforeTheEpochAndNanosecondsAreKept() throws Exception {
        put("f", "x");
        Instant time = Instant.parse("1960-01-01T00:00:00.123456789Z");
        root.setMtime("f", time);
        assertEquals(time, root.find("f").orElseThrow().stat().mtime());
    }

    @Test
    void namesAreUtf8WhateverTheLocaleIs() throws Exception {
        assertEquals("1", ChildJvm.run("name", folder.toString()));
        assertEquals(Set.of("ä 文"), names());
    }

    @Test
    void namesThatAreNotUtf8BecomeProblems() throws Exception {
        shell(folder, "touch \"$(printf 'caf\\351\\\\x')\" 'good'");
        assertEquals(Set.of("!caf\\xe9\\x name_not_utf8", "good"), names());
    }

    @Test
    void linkTargetsThatAreNotUtf8AreRefused() throws Exception {
        shell(folder, "ln -s \"$(printf 'caf\\351')\" l");
        refused(Errno.EILSEQ, () -> root.readlink("l"));
    }

    @Test
    void aMountPointIsAProblemAndNeverEntered() throws Exception {
        try (Dir system = Disk.open(Path.of("/"))) {
            assertTrue(system.list().contains(new DirEntry.Problem("proc", DirEntry.Problem.MOUNT_POINT)));
            refused(Errno.EXDEV, () -> system.find("proc"));
            refused(Errno.EXDEV, () -> system.openDir("proc"));
            refused(Errno.EXDEV, () -> system.resolve("proc/self"));
        }
        try (LinuxDir system = LinuxDir.openRoot(Path.of("/"));
                Dir walking = system.as(new Volume(false, false))) {
            refused(Errno.EXDEV, () -> walking.resolve("proc/self"));
        }
    }

    @Test
    void pathsLongerThanTheSystemsLimitWork() throws Exception {
        String name = "n".repeat(200);
        StringBuilder path = new StringBuilder(name);
        root.mkdir(name, 0755);
        Dir at = root.openDir(name);
        for (int depth = 1; depth < 50; depth++) {
            at.mkdir(name, 0755);
            Dir next = at.openDir(name);
            at.close();
            at = next;
            path.append('/').append(name);
        }
        FileIdentity deepest = at.identity();
        at.createNew("end", 0644).close();
        at.close();
        try (Dir resolved = root.resolve(path.toString());
                Dir opened = Disk.open(Path.of(folder + "/" + path));
                LinuxDir start = LinuxDir.openRoot(folder);
                Dir walking = start.as(new Volume(true, false));
                Dir walked = walking.resolve(path.toString())) {
            assertEquals(deepest, resolved.identity());
            assertEquals(deepest, opened.identity());
            assertEquals(deepest, walked.identity());
            assertTrue(resolved.find("end").isPresent());
        }
        refused(Errno.ENAMETOOLONG, () -> root.resolve("x".repeat(5000)));
        refused(Errno.ENOENT, () -> root.resolve(path + "/absent"));
        // The clean-up of the test framework cannot reach down there.
        shell(folder, "rm -r \"$1\"", name);
    }

    @Test
    void aFolderHandleFollowsItsFolder() throws Exception {
        root.mkdir("d", 0755);
        try (Dir inner = root.openDir("d")) {
            root.rename("d", root, "e", RenameMode.REPLACE);
            inner.createNew("f", 0644).close();
            assertTrue(Files.exists(folder.resolve("e/f")));
        }
    }

    @Test
    void leaseIsRefusedWhileAWriterHasTheFileOpen() throws Exception {
        put("f", "x");
        try (OpenFile file = root.openRead("f")) {
            try (var writer = Files.newOutputStream(folder.resolve("f"))) {
                assertFalse(file.tryReadLease());
                writer.write(1);
            }
            assertTrue(file.tryReadLease());
            file.releaseLease();
            file.releaseLease();
        }
    }

    @Test
    void aWriterThatComesWaitsForTheLeaseAndHarmsNobody() throws Exception {
        put("f", "x");
        Process writer;
        try (OpenFile file = root.openRead("f")) {
            assertTrue(file.tryReadLease());
            writer = new ProcessBuilder("sh", "-c", "echo ready; echo late > f").directory(folder.toFile()).start();
            BufferedReader output = writer.inputReader();
            assertEquals("ready", output.readLine());
            awaitBreak();
            assertTrue(writer.isAlive());
            assertEquals("x", content("f"));
            file.releaseLease();
        }
        assertEquals(0, writer.waitFor());
        assertEquals("late\n", content("f"));
    }

    /** Until the kernel says that someone wants the lease back: the signal of that moment must not end this process. */
    private static void awaitBreak() throws IOException {
        String ours = " " + ProcessHandle.current().pid() + " ";
        Path locks = Path.of("/proc/locks");
        while (Files.readAllLines(locks).stream().noneMatch(l -> l.contains("BREAKING") && l.contains(ours))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void capabilitiesOfAnOrdinaryFileSystemAreFound() throws Exception {
        assertEquals(new Capabilities(true, true, true), root.capabilities());
    }

    @Test
    void identitiesComeFromHandlesOrElseFromBirthTimes() throws Exception {
        put("f", "x");
        assertTrue(identity("f").value().contains("-h:"), identity("f").value());
        try (LinuxDir start = LinuxDir.openRoot(folder);
                Dir without = start.as(new Volume(false, true))) {
            String value = without.find("f").orElseThrow().identity().value();
            assertTrue(value.matches("[0-9a-f]+-b:[0-9a-f]+:[0-9]+\\.[0-9]+"), value);
        }
    }

    @Test
    void noDescriptorIsLeftOpen(@TempDir Path outside) throws Exception {
        Files.createSymbolicLink(folder.resolve("away"), outside);
        everyKindOfCall();
        long before = openDescriptors();
        for (int i = 0; i < 50; i++) {
            everyKindOfCall();
        }
        assertEquals(before, openDescriptors());
    }

    private void everyKindOfCall() throws Exception {
        put("f", "x");
        root.mkdir("d", 0755);
        root.chmod("f", 0600);
        root.capabilities();
        root.list();
        content("f");
        try (LinuxDir other = LinuxDir.openRoot(folder);
                Dir walking = other.as(new Volume(false, false));
                Dir inner = walking.resolve("d");
                Inotify watching = Inotify.open()) {
            watching.add(inner);
            refused(Errno.ENOENT, () -> walking.resolve("d/x/y"));
            refused(Errno.ENOENT, () -> root.resolve("d/" + "x/".repeat(4000) + "y"));
        }
        refused(Errno.EINVAL, () -> root.openRead("d"));
        refused(Errno.ELOOP, () -> root.openRead("away"));
        refused(Errno.ELOOP, () -> root.chmod("away", 0));
        root.unlink("f");
        root.rmdir("d");
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
