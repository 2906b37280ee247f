package tinysync.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Arrays;

/** A server is closed to who has no invite, unless its operator opens it. */
class OpenRegistrationTest {
    @TempDir Path base;

    private Program serve(String... more) {
        String[] server = {"server", "--data", base.resolve("data").toString(), "--listen", "127.0.0.1:0"};
        String[] all = Arrays.copyOf(server, server.length + more.length);
        System.arraycopy(more, 0, all, server.length, more.length);
        return Program.start(base.resolve("server.log"), all);
    }

    private Jar.Result device(String home, String... line) {
        String[] all = Arrays.copyOf(line, line.length + 2);
        all[line.length] = "--home";
        all[line.length + 1] = base.resolve(home).toString();
        return Jar.run(all);
    }

    @Test
    void whoeverReachesAnOpenServerMayBecomeADevice() throws Exception {
        try (Program open = serve("--open-registration")) {
            device("a", "register", "--server", open.said("ready")).mustSucceed();
            assertTrue(device("a", "ls").mustSucceed().out().contains("main"), "in the group of everyone");
            assertEquals(0, open.stop());
        }
        try (Program closed = serve()) {
            Jar.Result refused = device("b", "register", "--server", closed.said("ready"));
            assertEquals(5, refused.exit(), refused.err());
            assertTrue(refused.err().contains("needs an invite"), refused.err());
            assertEquals(0, closed.stop());
        }
    }
}
