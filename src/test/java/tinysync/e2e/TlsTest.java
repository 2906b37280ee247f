package tinysync.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Servers that speak TLS themselves, with the built jar on both sides. */
class TlsTest {
    @TempDir Path base;

    @Test
    void devicesSyncWithAServerWhoseKeyTheirInvitePins() throws IOException {
        try (Drive drive = new Drive(base, "--tls", "self")) {
            assertTrue(drive.server().said("ready").startsWith("https://"));
            assertTrue(drive.server().said("wake").startsWith("wss://"));
            Device a = drive.join("a").start();
            Device b = drive.join("b").start();
            Files.writeString(a.folder().resolve("small.txt"), "small\n");
            Files.write(a.folder().resolve("large.bin"), new byte[9_000_000]);
            drive.mustConverge("over TLS");
            assertEquals("small\n", Files.readString(b.folder().resolve("small.txt")));
            String status = b.run("status", "--json").mustSucceed().out();
            assertTrue(status.contains("\"wake\":\"socket\""), status);
        }
    }

    @Test
    void theKeyStaysWhenTheServerStartsAgain() throws IOException {
        try (Drive drive = new Drive(base, "--tls", "self")) {
            Device a = drive.join("a").start();
            a.sync();
            assertEquals(0, drive.server().stop());
            drive.startServer();
            Files.writeString(a.folder().resolve("later.txt"), "later\n");
            a.sync();
            String listed = a.run("ls", "main:/").mustSucceed().out();
            assertTrue(listed.contains("later.txt"), listed);
        }
    }

    @Test
    void aServerWithAnotherKeyGetsNeitherTokenNorFiles() {
        try (Drive drive = new Drive(base, "--tls", "self")) {
            String pin = drive.invite().substring(drive.invite().indexOf(".pin_"));
            String other = drive.invite().replace(pin, ".pin_" + "0".repeat(64));
            Device a = new Device(base, "a");
            Jar.Result joined = a.run("join", other, "--folder", a.folder().toString());
            assertEquals(1, joined.exit());
            assertTrue(joined.err().contains("another key than the one in the invite"), joined.err());
            String unpinned = drive.invite().replace(pin, "");
            Jar.Result unknown = a.run("join", unpinned, "--folder", a.folder().toString());
            assertEquals(1, unknown.exit());
            assertTrue(unknown.err().contains("its address is to end with #pin_"), unknown.err());
        }
    }

    @Test
    void theOperatorsCommandsKnowTheServersKey() throws IOException {
        try (Drive drive = new Drive(base, "--tls", "self")) {
            String data = drive.data().toString();
            Jar.run("admin", "vault", "create", "photos", "--data", data).mustSucceed();
            String address = Files.readString(drive.data().resolve("address")).strip();
            String token = drive.data().resolve("admin.token").toString();
            String listed =
                    Jar.run("admin", "vault", "list", "--server", address, "--token-file", token).mustSucceed().out();
            assertTrue(listed.contains("photos"), listed);
            String unpinned = address.substring(0, address.indexOf('#'));
            Jar.Result refused = Jar.run("admin", "vault", "list", "--server", unpinned, "--token-file", token);
            assertEquals(1, refused.exit(), refused.err());
        }
    }

    @Test
    void flagsThatContradictEachOtherAreRefused() {
        String data = base.resolve("data").toString();
        Jar.Result both = Jar.run("server", "--data", data, "--tls", "self", "--insecure-http");
        assertEquals(2, both.exit());
        assertTrue(both.err().contains("say one of"), both.err());
        Jar.Result half = Jar.run("server", "--data", data, "--tls-cert", "certificate.pem");
        assertEquals(2, half.exit());
        assertTrue(half.err().contains("belong together"), half.err());
        Jar.Result missing = Jar.run("server", "--data", data, "--tls-cert", "no.pem", "--tls-key", "no.key");
        assertEquals(1, missing.exit());
        assertTrue(missing.err().contains("no.pem does not exist"), missing.err());
        assertFalse(Files.exists(base.resolve("data/registry.db")), "a server that does not start makes no vault");
    }
}
