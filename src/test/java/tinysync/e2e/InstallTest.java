package tinysync.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The program among a user's own files. */
class InstallTest {
    @TempDir Path user;

    private Jar.Result run(ProcessBuilder command) {
        command.environment().put("HOME", user.toString());
        command.environment().put("XDG_CONFIG_HOME", user.resolve("my config").toString());
        command.environment().remove("XDG_DATA_HOME");
        command.environment().remove("TINYSYNC_HOME");
        return Jar.run(command);
    }

    private Jar.Result tinysync(String... arguments) {
        return run(Jar.process(arguments));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(user)) {
            return all.filter(Files::isRegularFile).map(file -> user.relativize(file).toString()).sorted().toList();
        }
    }

    @Test
    void whatIsInstalledWorksAndGoesAwayWithoutATrace() throws IOException {
        Files.createDirectories(user.resolve("my config/systemd/user"));
        Path other = Files.writeString(user.resolve("my config/systemd/user/other.service"), "mine");
        tinysync("install", "--home", user.resolve("100% \"mine\"").toString()).mustSucceed();
        List<String> installed = files();
        assertTrue(installed.contains(".local/share/bash-completion/completions/tinysync"), installed.toString());
        String unit = Files.readString(user.resolve("my config/systemd/user/tinysync.service"));
        assertTrue(unit.contains("ExecStart=\"" + user + "/.local/bin/tinysync\" client --home"), unit);
        assertTrue(unit.contains("/100%% \\\"mine\\\"\""), unit);
        Path enabled = user.resolve("my config/systemd/user/default.target.wants/tinysync.service");
        assertEquals(unit, Files.readString(Files.readSymbolicLink(enabled)));
        Path launcher = user.resolve(".local/bin/tinysync");
        String version = run(new ProcessBuilder(launcher.toString(), "--version")).mustSucceed().out();
        assertTrue(version.startsWith("tinysync "), version);

        tinysync("install").mustSucceed();
        assertEquals(installed, files(), "said again, nothing is added");
        String own = user.resolve(".local/share/tinysync").toString();
        String renewed = Files.readString(user.resolve("my config/systemd/user/tinysync.service"));
        assertTrue(renewed.contains("--home \"" + own + "\""), renewed);
        assertTrue(tinysync("config").mustSucceed().out().startsWith("home = " + own + " "), "the same as without it");
        run(new ProcessBuilder(launcher.toString(), "uninstall")).mustSucceed();
        assertEquals(List.of("my config/systemd/user/other.service"), files());
        assertFalse(Files.exists(user.resolve(".local")), "folders that were made for it go too");
        assertFalse(Files.exists(enabled.getParent()));
        assertEquals("mine", Files.readString(other));
        assertEquals(1, tinysync("uninstall").exit());
    }

    @Test
    void whatIsAnothersIsNeitherReplacedNorRemoved() throws IOException {
        Path launcher = user.resolve(".local/bin/tinysync");
        Files.createDirectories(launcher.getParent());
        Files.writeString(launcher, "another program");
        Jar.Result refused = tinysync("install");
        assertEquals(1, refused.exit());
        assertTrue(refused.err().contains(launcher + " is there and not as TinySync made it"), refused.err());
        assertEquals(List.of(".local/bin/tinysync"), files(), "nothing was begun");
        Files.delete(launcher);
        tinysync("install").mustSucceed();
        Files.writeString(launcher, "changed by hand");
        Jar.Result removed = tinysync("uninstall").mustSucceed();
        assertTrue(removed.err().contains("left, for somebody changed it: " + launcher), removed.err());
        assertEquals(List.of(".local/bin/tinysync"), files());
    }
}
