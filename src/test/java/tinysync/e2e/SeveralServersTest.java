package tinysync.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One home, one daemon, two servers. */
class SeveralServersTest {
    @TempDir Path base;

    @Test
    void vaultsOfTwoServersAreKeptInFoldersAndOneServerThatIsAwayDisturbsNotTheOther() throws IOException {
        try (Drive one = new Drive(base.resolve("one"));
                Drive two = new Drive(base.resolve("two"));
                Device both = new Device(base, "both")) {
            both.join(one.invite()).start();
            Path folders = base.resolve("both");
            String joined =
                    both.run("join", two.invite(), "--folder", folders.resolve("second").toString())
                            .mustSucceed()
                            .out();
            assertTrue(joined.contains("'main-2' is shown in") && joined.contains("syncs it now"), joined);
            String data = one.data().toString();
            Jar.run("admin", "vault", "create", "photos", "--data", data).mustSucceed();
            Jar.run("admin", "group", "grant", "everyone", "photos", "--data", data).mustSucceed();
            both.run("attach", "--vault", "photos", "--folder", folders.resolve("photos").toString()).mustSucceed();

            Device a = one.join("a");
            Device b = two.join("b");
            Files.writeString(a.folder().resolve("of-one.txt"), "one");
            Files.writeString(b.folder().resolve("of-two.txt"), "two");
            Files.writeString(folders.resolve("photos/p.txt"), "photo");
            a.sync();
            b.sync();
            both.sync();
            assertEquals("one", Files.readString(both.folder().resolve("of-one.txt")));
            assertEquals("two", Files.readString(folders.resolve("second/of-two.txt")));
            assertEquals("photo", both.run("cat", "photos:/p.txt").mustSucceed().out());
            assertEquals("two", both.run("cat", "main-2:/of-two.txt").mustSucceed().out());

            two.server().stop();
            Files.writeString(a.folder().resolve("later.txt"), "later");
            a.sync();
            both.run("sync-once", "main", "--timeout", "60").mustSucceed();
            assertEquals("later", Files.readString(both.folder().resolve("later.txt")));
            Jar.Result all = both.run("sync-once", "--timeout", "60");
            assertEquals(3, all.exit(), all.err());
            String status = both.run("status").mustSucceed().out();
            assertTrue(status.contains("second") && status.contains("offline"), status);
            assertTrue(status.contains("all is synced"), status);
            two.startServer();
            both.sync();
        }
    }

    @Test
    void oneVaultIsKeptInTwoFoldersOfAHome() throws IOException {
        try (Drive drive = new Drive(base.resolve("drive"))) {
            Device a = drive.join("a").start();
            Path mirror = base.resolve("mirror");
            a.run("attach", "--vault", "main", "--folder", mirror.toString(), "--as", "mirror").mustSucceed();
            Files.writeString(a.folder().resolve("from-folder.txt"), "1");
            Files.writeString(mirror.resolve("from-mirror.txt"), "2");
            // What one folder brought must still reach the other.
            a.sync().sync();
            assertEquals("1", Files.readString(mirror.resolve("from-folder.txt")));
            assertEquals("2", Files.readString(a.folder().resolve("from-mirror.txt")));
            a.run("detach", "mirror").mustSucceed();
            Files.writeString(a.folder().resolve("alone.txt"), "3");
            a.sync();
            assertTrue(Files.notExists(mirror.resolve("alone.txt")));
            assertEquals("2", Files.readString(mirror.resolve("from-mirror.txt")));
        }
    }
}
