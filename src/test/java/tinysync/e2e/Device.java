package tinysync.e2e;

import tinysync.wire.StrictJson;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A device of the tests: a home, a folder, and a daemon that runs or does not. */
final class Device implements AutoCloseable {
    private static final int STATUS_MAX = 1 << 20;

    private final Path base;
    private final String name;
    private Optional<Program> daemon = Optional.empty();

    Device(Path base, String name) {
        this.base = base.resolve(name);
        this.name = name;
    }

    String name() {
        return name;
    }

    Path folder() {
        return base.resolve("folder");
    }

    Path homePath() {
        return base.resolve("home");
    }

    private String home() {
        return homePath().toString();
    }

    Device join(String invite) {
        run("join", invite, "--name", name, "--folder", folder().toString()).mustSucceed();
        return this;
    }

    /** Runs a command for this device. */
    Jar.Result run(String... arguments) {
        String[] all = Stream.concat(Stream.of("--home", home()), Stream.of(arguments)).toArray(String[]::new);
        return Jar.run(all);
    }

    /** The head of the vault as this device knows it. */
    long seq() {
        byte[] status = run("status", "--json").mustSucceed().out().getBytes(StandardCharsets.UTF_8);
        var attachment = StrictJson.parse(status, STATUS_MAX).asObject().get("attachments").asArray().get(0).asObject();
        return attachment.get("seq").asObject().getLong("server", -1);
    }

    Device start() {
        daemon = Optional.of(Program.start(base.resolve("client.log"), "client", "--home", home()));
        return this;
    }

    int stop() {
        int exit = daemon.orElseThrow().stop();
        daemon = Optional.empty();
        return exit;
    }

    void kill() {
        daemon.orElseThrow().kill();
        daemon = Optional.empty();
    }

    /** Waits until this device has nothing left to do. */
    Device sync() {
        Jar.Result result = run("sync-once", "--timeout", "300");
        if (result.exit() != 0) {
            String told = result.err() + run("status", "--json").out() + daemon.map(Program::log).orElse("");
            throw new AssertionError(name + " does not come to rest: exit " + result.exit() + " " + told);
        }
        return this;
    }

    @Override
    public void close() {
        daemon.ifPresent(Program::close);
    }
}
