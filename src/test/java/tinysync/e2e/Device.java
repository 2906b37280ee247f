package tinysync.e2e;

import java.nio.file.Path;
import java.util.Optional;

/** A device of the tests: a home, a folder, and a daemon that runs or does not. */
final class Device implements AutoCloseable {
    private final Path base;
    private final String name;
    private Optional<Program> daemon = Optional.empty();

    Device(Path base, String name) {
        this.base = base.resolve(name);
        this.name = name;
    }

    Path folder() {
        return base.resolve("folder");
    }

    Path home() {
        return base.resolve("home");
    }

    Device join(String invite) {
        run("join", invite, "--name", name, "--folder", folder().toString()).mustSucceed();
        return this;
    }

    /** Runs a command for this device. */
    Jar.Result run(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "--home";
        all[1] = home().toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return Jar.run(all);
    }

    Device start() {
        daemon = Optional.of(Program.start(base.resolve("client.log"), "client", "--home", home().toString()));
        return this;
    }

    Device startWith(String... flags) {
        String[] all = new String[flags.length + 3];
        all[0] = "client";
        all[1] = "--home";
        all[2] = home().toString();
        System.arraycopy(flags, 0, all, 3, flags.length);
        daemon = Optional.of(Program.start(base.resolve("client.log"), all));
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

    boolean isRunning() {
        return daemon.isPresent();
    }

    /** Waits until this device has nothing left to do. */
    Device sync() {
        Jar.Result result = run("sync-once", "--timeout", "300");
        if (result.exit() != 0) {
            throw new AssertionError(
                    name
                            + " does not come to rest: exit "
                            + result.exit()
                            + " "
                            + result.err()
                            + run("status", "--json").out()
                            + daemon.map(Program::log).orElse(""));
        }
        return this;
    }

    @Override
    public void close() {
        daemon.ifPresent(Program::close);
    }
}
