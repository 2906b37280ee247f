package tinysync.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** One device whose folder shall not be as the vault is, beside one that shows all. */
class SelectionTest {
    @TempDir Path base;

    private Drive drive;
    private Device a;
    private Device b;

    @BeforeEach
    void start() {
        drive = new Drive(base);
        a = drive.join("a");
        b = drive.join("b");
    }

    @AfterEach
    void stop() {
        drive.close();
    }

    private static void write(Device device, String path, String text) throws IOException {
        Path file = device.folder().resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String read(Device device, String path) throws IOException {
        return Files.readString(device.folder().resolve(path));
    }

    private static boolean has(Device device, String path) {
        return Files.exists(device.folder().resolve(path));
    }

    @Test
    void whatIsNotChosenIsLeftOutAndComesBackAsTheVaultHasIt() throws IOException {
        a.start();
        for (int i = 0; i < 200; i++) {
            write(a, "big/deep/" + i + ".txt", "content " + i);
        }
        write(a, "big/one.txt", "1");
        write(a, "small/two.txt", "2");
        a.sync();
        b.sync();
        a.run("select", "main", "--only", "small").mustSucceed();
        // In the middle of taking away.
        a.kill();
        a.run("select", "main", "--all").mustSucceed();
        a.start().sync();
        assertEquals(201, count(a.folder().resolve("big")));
        a.run("select", "main", "--only", "/small/").mustSucceed();
        a.sync();
        assertTrue(!has(a, "big"));
        b.sync();
        assertEquals(201, count(b.folder().resolve("big")));

        write(b, "big/one.txt", "edited");
        Files.move(b.folder().resolve("big/deep/1.txt"), b.folder().resolve("small/1.txt"));
        Files.move(b.folder().resolve("small/two.txt"), b.folder().resolve("big/two.txt"));
        Files.delete(b.folder().resolve("big/deep/2.txt"));
        b.sync();
        a.sync();
        assertTrue(!has(a, "big") && !has(a, "small/two.txt"));
        assertEquals("content 1", read(a, "small/1.txt"));

        a.stop();
        a.run("select", "main", "--all").mustSucceed();
        a.start().sync();
        assertEquals("edited", read(a, "big/one.txt"));
        assertEquals("2", read(a, "big/two.txt"));
        assertEquals(FolderTree.of(b.folder()), FolderTree.of(a.folder()));
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void whatIsTakenOutOfTheVaultStaysInTheFolderOfWhoTookItOut() throws IOException {
        a.start();
        write(a, "build/out.o", "1");
        write(a, "notes.txt", "2");
        write(a, "more.txt", "3");
        a.sync();
        b.sync();
        a.run("rm", "-r", "--keep-local", a.folder().resolve("build").toString()).mustSucceed();
        // Asked for before anything is deleted: nothing there could be kept.
        Jar.Result nothing = b.run("rm", "--keep-local", "main:/nowhere.txt");
        assertEquals(1, nothing.exit(), nothing.err());
        a.sync();
        b.sync();
        assertEquals("1", read(a, "build/out.o"));
        assertTrue(!has(b, "build"));

        // Without a client that runs, and while nobody had sent what was last written.
        a.stop();
        write(a, "notes.txt", "2, and more");
        write(a, "build/later.o", "4");
        a.run("rm", "--keep-local", "main:/notes.txt", "main:/more.txt").mustSucceed();
        a.start().sync();
        b.sync();
        assertEquals("2, and more", read(a, "notes.txt"));
        assertEquals("3", read(a, "more.txt"));
        assertTrue(!has(b, "notes.txt") && !has(b, "more.txt"));
        a.run("panic-resync").mustSucceed();
        a.sync();
        assertEquals("", a.run("ls", "main:/").mustSucceed().out());
        assertEquals("1", read(a, "build/out.o"));
        assertEquals("2, and more", read(a, "notes.txt"));
    }
}
