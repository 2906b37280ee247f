package tinysync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import tinysync.server.HostPort;
import tinysync.server.ServerOptions;
import tinysync.server.StartException;
import tinysync.server.TinySyncServer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Commands in this process, against a server in this process that all tests of a class share. */
abstract class AgainstServer {
    @TempDir static Path shared;

    static TinySyncServer server;
    static String invite;

    @TempDir Path temp;

    /** What a command printed, and how it ended. */
    record Said(Exit exit, String out, String err) {}

    @BeforeAll
    static void startServer() throws StartException {
        server = TinySyncServer.start(ServerOptions.on(shared.resolve("server"), new HostPort("127.0.0.1", 0), "test"));
        invite = server.firstInvite().orElseThrow();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    Said run(String input, String... line) {
        return run(input, Map.of(Replacement.NEVER, "1"), line);
    }

    Said run(String input, Map<String, String> environment, String... line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal =
                new Terminal(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        environment,
                        OptionalInt::empty);
        Exit exit = Cli.run(List.of(line), terminal);
        return new Said(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    Said home(String home, String... line) {
        List<String> all = new ArrayList<>(List.of(line));
        all.add("--home");
        all.add(temp.resolve(home).toString());
        return run("", all.toArray(String[]::new));
    }

    String done(Said said) {
        assertEquals(Exit.DONE, said.exit(), said.err());
        return said.out();
    }

    JsonObject json(Said said) {
        return Json.parse(done(said)).asObject();
    }

    JsonObject admin(String... line) {
        List<String> all = new ArrayList<>(List.of("admin"));
        all.addAll(List.of(line));
        all.addAll(List.of("--json", "--server", server.url().toString()));
        all.addAll(List.of("--token-file", shared.resolve("server/admin.token").toString()));
        return json(run("", all.toArray(String[]::new)));
    }

    /** Its own vault for each test, so that they do not see each other. */
    void joined(String home, String vault) {
        String code = admin("invite", "create", "--vault", vault, "--role", "manage").getString("invite", "");
        done(home(home, "join", code, "--name", home, "--folder", temp.resolve(home + "-folder").toString()));
    }
}
