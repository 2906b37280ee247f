package tinysync.cli;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code install, uninstall}: the program, its service and its completions among a user's own files, on Linux. */
final class InstallCommands {
    private final Context context;

    InstallCommands(Context context) {
        this.context = Objects.requireNonNull(context);
    }

    /** A file to be put somewhere. */
    private record Wanted(byte[] content, boolean program) {
        static Wanted text(String text) {
            return new Wanted(text.getBytes(StandardCharsets.UTF_8), false);
        }

        static Wanted script(String text) {
            return new Wanted(text.getBytes(StandardCharsets.UTF_8), true);
        }
    }

    Exit install() throws CommandFailure, IOException {
        requireLinux();
        Map<Path, Wanted> wanted = wanted();
        Installation installation = Installation.read(receipt());
        List<Path> places = new ArrayList<>(wanted.keySet());
        places.add(enabled());
        List<Path> strangers = installation.strangers(places);
        if (!strangers.isEmpty()) {
            throw CommandFailure.failed(
                    strangers.getFirst() + " is there and not as TinySync made it: move it away and say this again");
        }
        for (Map.Entry<Path, Wanted> file : wanted.entrySet()) {
            installation.put(file.getKey(), file.getValue().content(), file.getValue().program());
        }
        installation.link(enabled(), unit());
        show(
                "installed "
                        + launcher()
                        + "; the client starts with your next login, and now with: systemctl --user daemon-reload &&"
                        + " systemctl --user start tinysync",
                places);
        return Exit.DONE;
    }

    Exit uninstall() throws CommandFailure, IOException {
        requireLinux();
        Installation installation = Installation.read(receipt());
        if (installation.isEmpty()) {
            throw CommandFailure.failed("nothing is installed, as " + receipt() + " would tell");
        }
        List<Path> changed = installation.remove();
        changed.forEach(file -> context.terminal().warn("left, for somebody changed it: " + file));
        show("uninstalled; the state of this device and all folders stay: 'tinysync leave' forgets it", changed);
        return Exit.DONE;
    }

    private void show(String text, List<Path> files) throws CommandFailure, IOException {
        JsonArray all = new JsonArray();
        files.forEach(file -> all.add(file.toString()));
        context.show(text, new JsonObject().add("files", all));
    }

    private static void requireLinux() throws CommandFailure {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw CommandFailure.failed(
                    "only for Linux in this version: have your system start 'java -jar tinysync.jar client' at login");
        }
    }

    private Map<Path, Wanted> wanted() throws CommandFailure, IOException {
        Map<Path, Wanted> wanted = new LinkedHashMap<>();
        wanted.put(jar(), new Wanted(Files.readAllBytes(ownJar()), false));
        wanted.put(launcher(), Wanted.script(launcherText()));
        wanted.put(unit(), Wanted.text(serviceText()));
        Path data = dataHome();
        wanted.put(data.resolve("bash-completion/completions/tinysync"), completion(Completion.Shell.BASH));
        wanted.put(data.resolve("zsh/site-functions/_tinysync"), completion(Completion.Shell.ZSH));
        wanted.put(data.resolve("fish/vendor_completions.d/tinysync.fish"), completion(Completion.Shell.FISH));
        wanted.put(data.resolve("man/man1/tinysync.1"), Wanted.text(Manual.page(Version.text())));
        return wanted;
    }

    private static Wanted completion(Completion.Shell shell) throws IOException {
        return Wanted.text(new Completion(shell).script());
    }

    /** Short commands start quicker with less; the daemons replace themselves with flags of their own. */
    private String launcherText() {
        String java = shellQuoted(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String jar = shellQuoted(jar().toString());
        return """
        #!/bin/sh
        # Starts TinySync; made by 'tinysync install'.
        case "$1" in
            server | client | sync-once | get | put) exec %1$s -jar %2$s "$@" ;;
            *) exec %1$s -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar %2$s "$@" ;;
        esac
        """
                .formatted(java, jar);
    }

    private String serviceText() throws CommandFailure {
        String home = unitQuoted(context.homePath().toString());
        return """
        # Keeps the folders of this user in sync; made by 'tinysync install'.
        [Unit]
        Description=TinySync client

        [Service]
        ExecStart=%s client --home %s
        Restart=on-failure
        RestartSec=10

        [Install]
        WantedBy=default.target
        """
                .formatted(unitQuoted(launcher().toString()), home);
    }

    private static String shellQuoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** As systemd.service(5) and systemd.unit(5) read a word of a command. */
    private static String unitQuoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%").replace("$", "$$") + '"';
    }

    private static Path ownJar() throws CommandFailure {
        try {
            Path own = Path.of(InstallCommands.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isRegularFile(own)) {
                return own;
            }
            throw CommandFailure.failed("this TinySync runs from " + own + ", not from its jar: build the jar first");
        } catch (URISyntaxException impossible) {
            throw CommandFailure.failed("where this TinySync runs from is not known: " + impossible.getMessage());
        }
    }

    private static Path userHome() {
        return Path.of(System.getProperty("user.home"));
    }

    private Path dataHome() {
        return folder("XDG_DATA_HOME").orElseGet(() -> userHome().resolve(".local/share"));
    }

    private Path configHome() {
        return folder("XDG_CONFIG_HOME").orElseGet(() -> userHome().resolve(".config"));
    }

    /** The XDG Base Directory Specification says that a relative path there is to be ignored. */
    private Optional<Path> folder(String variable) {
        return Optional.ofNullable(context.terminal().environment().get(variable))
                .map(Path::of)
                .filter(Path::isAbsolute);
    }

    /** Beside the homes of devices, not in one. */
    private Path program() {
        return userHome().resolve(".local/lib/tinysync");
    }

    private Path jar() {
        return program().resolve("tinysync.jar");
    }

    private Path receipt() {
        return program().resolve("installed");
    }

    private Path unit() {
        return configHome().resolve("systemd/user/tinysync.service");
    }

    /** The link that 'systemctl enable' would make: so that it need not run now. */
    private Path enabled() {
        return configHome().resolve("systemd/user/default.target.wants/tinysync.service");
    }

    /** Where the specification has programs of a user. */
    private Path launcher() {
        return userHome().resolve(".local/bin/tinysync");
    }
}
