package tinysync.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All commands, in the order of the help: the one place that names them. */
final class Commands {
    private static final Option VAULT = Option.of("--vault", "VAULT", "a vault by name or id");
    private static final Option ROLE = Option.of("--role", "ROLE", "read, write or manage").defaulting("write");
    private static final Option USES = Option.of("--uses", "N", "how many devices may use it").defaulting("1");
    private static final Option EXPIRES =
            Option.of("--expires", "TIME", "how long it works: 30m, 12h, 7d").defaulting("7d");
    private static final Option SERVER =
            Option.of("--server", "URL", "one server, where this device has joined several");
    private static final Option AS = Option.of("--as", "NAME", "the attachment's name (default: the vault's)");
    private static final Option FOLDER = Option.of("--folder", "DIR", "the folder that shows the vault");
    private static final Option DRIVE =
            Option.of("--drive", "DIR", "a drive with files on demand (not in this version)");
    private static final Option RECURSIVE = Option.toggle("-r", "folders with all that is in them");
    private static final Option DEVICE_NAME =
            Option.of("--name", "DEVICE", "how others see this device (default: the host's name)");
    private static final List<Option> SERVER_ACCESS =
            List.of(
                    Option.of("--server", "URL", "the server's address"),
                    Option.of("--token-file", "FILE", "the file with its admin token"),
                    Option.of(
                            "--data", "DIR", "instead of both: the data folder of a server that runs on this machine"));

    private static final String ADMIN =
            "Vaults, groups and devices are called by name or id. Needs the admin token, which the server keeps in"
                    + " admin.token in its data folder.";
    private static final String PLACE =
            "A place is VAULT:/path, or a path inside a folder that shows a vault. Works without a folder, straight on"
                    + " the server.";

    static final List<Command> ALL =
            Stream.of(daemons(), membership(), running(), files(), shells(), admin()).flatMap(List::stream).toList();

    private Commands() {}

    private static List<Command> daemons() {
        return List.of(
                Command.of("server", "Runs the server in the foreground.", context -> new ServerCommand(context).run())
                        .explained(
                                "The first start makes the vault 'main' and prints an invite for the first devices. A"
                                        + " listener beyond this machine needs TLS, a proxy in front, or"
                                        + " --insecure-http. SIGTERM stops it cleanly.")
                        .with(
                                Option.of("--data", "DIR", "where everything is kept").defaulting("./tinysync-data"),
                                Option.of("--listen", "HOST:PORT", "where it listens; port 0 picks one")
                                        .defaulting("127.0.0.1:8460"),
                                Option.of(
                                        "--wake-listen",
                                        "HOST:PORT",
                                        "for the wake-up socket (default: next port if free)"),
                                Option.of("--wake-url", "URL", "where clients find the wake-up socket"),
                                Option.of("--public-url", "URL", "where clients find the server"),
                                Option.of("--db", "URL", "a PostgreSQL database (not in this version)"),
                                Option.of("--blobs", "DIR", "where large content is kept"),
                                Option.of("--tls", "self", "TLS with a key that the server makes; invites name it"),
                                Option.of("--tls-cert", "FILE", "TLS with this certificate chain (PEM)"),
                                Option.of("--tls-key", "FILE", "and this private key (PEM, PKCS #8)"),
                                Option.toggle("--behind-proxy", "a proxy in front speaks TLS"),
                                Option.toggle(
                                        "--open-registration",
                                        "whoever reaches it may become a device in the group 'everyone'"),
                                Option.toggle(
                                        "--insecure-http",
                                        "plain HTTP beyond this machine, readable by anyone between")),
                Command.of(
                                "client",
                                "Runs the client in the foreground: keeps all attached folders in sync.",
                                context -> new ClientCommand(context).run())
                        .explained("Prints 'ready' once other commands can reach it. SIGTERM stops it cleanly.")
                        .with(
                                Option.of("--hold-deletes", "N|P%|off", "when deletions wait for 'tinysync confirm'"),
                                Option.of("--limit-up", "RATE", "bytes per second (not in this version)"),
                                Option.of("--limit-down", "RATE", "bytes per second (not in this version)")));
    }

    private static List<Command> membership() {
        return List.of(
                Command.of(
                                "join",
                                "Makes this a device of a server and attaches a folder, in one step.",
                                context -> new JoinCommands(context).join())
                        .takes("INVITE|-")
                        .explained(
                                "With - the invite is read from standard input. An invite is a secret: whoever has it"
                                        + " can join.")
                        .with(
                                DEVICE_NAME,
                                VAULT,
                                Option.of("--folder", "DIR", "the folder that shows the vault")
                                        .defaulting("~/TinySync"),
                                AS,
                                DRIVE),
                Command.of(
                                "register",
                                "Makes this a device of a server, without attaching anything.",
                                context -> new JoinCommands(context).register())
                        .explained("With neither invite nor token it is refused, unless the server is open to all.")
                        .with(
                                Option.of("--server", "URL", "the server's address"),
                                Option.of("--invite", "FILE|-", "a file with an invite, or - for standard input"),
                                Option.of("--token-file", "FILE", "a file with the admin token, instead of an invite"),
                                DEVICE_NAME),
                Command.of("attach", "Shows a vault in a folder.", context -> new JoinCommands(context).attach())
                        .explained("What the folder holds already is merged with the vault; nothing is deleted.")
                        .with(VAULT.asNeeded(), FOLDER.asNeeded(), DRIVE, AS, SERVER),
                Command.of(
                                "detach",
                                "Ends the syncing of a folder; its files stay.",
                                context -> new JoinCommands(context).detach())
                        .takes("[NAME]"),
                Command.of(
                                "relocate",
                                "Moves the folder of an attachment, or tells where it was moved to.",
                                context -> new JoinCommands(context).relocate())
                        .takes("NAME DIR")
                        .explained(
                                "A folder that was moved already is known by what TinySync keeps in it. Nothing is"
                                        + " sent or fetched."),
                Command.of(
                                "select",
                                "Chooses which parts of its vault a folder shows; without an option, tells.",
                                context -> new SelectCommand(context).run())
                        .takes("NAME [PATH]...")
                        .explained(
                                "A PATH is one in the vault. What is not chosen leaves this folder once the vault has"
                                    + " all that was done to it here; nothing is deleted in the vault. What comes to be"
                                    + " beside it later is shown.")
                        .with(
                                Option.toggle("--only", "just these paths, of what is there now"),
                                Option.toggle("--all", "the whole vault again")),
                Command.of(
                                "leave",
                                "Ends being a device of a server: revokes it there and forgets it here.",
                                context -> new JoinCommands(context).leave())
                        .explained("No file is touched. Without the server it is refused, unless --anyway is said.")
                        .with(SERVER, Option.toggle("--anyway", "also when the server cannot be told")));
    }

    private static List<Command> running() {
        return List.of(
                Command.of(
                                "sync-once",
                                "Syncs until nothing is left to do.",
                                context -> new SyncOnceCommand(context).run())
                        .takes("[NAME]")
                        .explained(
                                "Asks the running client, or does it by itself. Exit 1 at the timeout, 3 when the"
                                        + " server is not reachable, 4 when something is held for confirmation.")
                        .with(Option.of("--timeout", "TIME", "give up after this long: 90s, 10m (default: never)")),
                Command.of("status", "Tells how things stand.", context -> new StatusCommand(context).run())
                        .takes("[NAME]"),
                Command.of("events", "Lists what happened lately.", context -> new WatchCommands(context).events())
                        .takes("[NAME]")
                        .with(Option.toggle("--follow", "go on with what happens, until interrupted")),
                Command.of("conflicts", "Lists conflict copies.", context -> new WatchCommands(context).conflicts())
                        .takes("[NAME]"),
                file("conflicts resolve", "COPY", "Settles a conflict, on all devices.", FileCommands::settleConflict)
                        .with(
                                Option.of(
                                                "--keep",
                                                "copy|original|both",
                                                "what stays; both gives the copy a plain name")
                                        .asNeeded()),
                Command.of(
                                "pause",
                                "Stops syncing until 'tinysync resume', also after a restart.",
                                context -> new WatchCommands(context).pause(true))
                        .takes("[NAME]"),
                Command.of(
                                "resume",
                                "Goes on after 'tinysync pause'.",
                                context -> new WatchCommands(context).pause(false))
                        .takes("[NAME]"),
                Command.of(
                                "confirm",
                                "Lets a held mass deletion or overwrite go on.",
                                context -> new WatchCommands(context).confirm())
                        .takes("[NAME]")
                        .with(Option.toggle("--reject", "undo it instead: what was deleted comes back")),
                Command.of(
                                "panic-resync",
                                "Forgets what the client remembers and compares disk and server anew; deletes"
                                        + " nothing.",
                                context -> new WatchCommands(context).panicResync())
                        .takes("[NAME]"),
                Command.of(
                                "doctor",
                                "Looks at all that syncing rests on, and says how to mend what is not well.",
                                context -> new DoctorCommand(context).run())
                        .explained("Exit 1 when something is bad; advice alone is no failure."),
                Command.of(
                                "config",
                                "Shows which settings count, and where each comes from.",
                                context -> new ConfigCommand(context).run())
                        .explained(
                                "A flag comes before a variable TINYSYNC_NAME, and that before the file of --config."
                                        + " Secrets are not shown."),
                Command.of(
                                "invite",
                                "Prints an invite for the next device.",
                                context -> new JoinCommands(context).invite())
                        .with(VAULT, ROLE, USES, EXPIRES, SERVER));
    }

    private static List<Command> files() {
        return List.of(
                file("ls", "[PLACE]", "Lists a folder of a vault; without PLACE, the vaults.", FileCommands::list),
                file("cat", "PLACE", "Prints a file of a vault.", FileCommands::print),
                file("get", "PLACE [TARGET|-]", "Copies from a vault to this machine.", FileCommands::get)
                        .with(RECURSIVE),
                file("put", "SOURCE|- PLACE", "Copies from this machine into a vault.", FileCommands::put)
                        .with(RECURSIVE),
                file("mkdir", "PLACE", "Makes a folder in a vault, and those above it.", FileCommands::makeFolder),
                file("mv", "PLACE PLACE", "Moves or renames inside a vault.", FileCommands::move),
                file("rm", "PLACE...", "Deletes from a vault, and so on every device.", FileCommands::remove)
                        .with(
                                RECURSIVE,
                                Option.toggle(
                                        "--keep-local",
                                        "the folders of this device keep the files, out of the vault")));
    }

    private static List<Command> shells() {
        return List.of(
                Command.of(
                                "completion",
                                "Prints a script that completes commands, options and names as they are typed.",
                                Commands::completion)
                        .takes("bash|zsh|fish"),
                Command.of("man", "Prints the manual page.", Commands::manual),
                Command.of(
                                "install",
                                "Installs the program, a service that starts the client at login, and completions.",
                                context -> new InstallCommands(context).install())
                        .explained(
                                "For this user alone, below ~/.local and ~/.config. Said again, it brings all up to"
                                        + " date. Linux only in this version."),
                Command.of(
                                "uninstall",
                                "Removes exactly what 'tinysync install' made.",
                                context -> new InstallCommands(context).uninstall())
                        .explained("The state of this device and its folders stay. What you changed stays too."));
    }

    private static Exit completion(Context context) throws CommandFailure, IOException {
        String shell = context.arguments().operand(0).orElseThrow();
        context.terminal().text(new Completion(Completion.Shell.parse(shell)).script());
        return Exit.DONE;
    }

    private static Exit manual(Context context) throws IOException {
        context.terminal().text(Manual.page(Version.text()));
        return Exit.DONE;
    }

    private static Command file(String words, String operands, String summary, FileCommands.Action action) {
        return Command.of(words, summary, context -> FileCommands.run(context, action))
                .takes(operands)
                .explained(PLACE);
    }

    private static List<Command> admin() {
        return List.of(
                admin(
                        "vault create",
                        "NAME",
                        "Makes a vault.",
                        AdminCommands::createVault,
                        Option.of("--names", "portable|exact", "how names may clash").defaulting("portable")),
                admin("vault list", "", "Lists the vaults.", AdminCommands::listVaults),
                admin(
                        "vault set",
                        "VAULT",
                        "Changes a vault.",
                        AdminCommands::setVault,
                        Option.of("--name", "NAME", "call it so"),
                        Option.of("--merge", "GLOBS", "text files to merge instead of copying, separated by commas"),
                        Option.of("--retention", "TIME", "how long old versions are kept: 90d, or forever"),
                        Option.of("--quota", "SIZE", "at most this much: 10G, or none")),
                admin("vault delete", "VAULT", "Deletes a vault with all its content.", AdminCommands::deleteVault),
                admin("group create", "NAME", "Makes a group of devices.", AdminCommands::createGroup),
                admin("group list", "", "Lists the groups.", AdminCommands::listGroups),
                admin(
                        "group delete",
                        "GROUP",
                        "Deletes a group; its devices lose what it granted.",
                        AdminCommands::deleteGroup),
                admin("group add-device", "GROUP DEVICE", "Puts a device into a group.", AdminCommands::addDevice),
                admin(
                        "group remove-device",
                        "GROUP DEVICE",
                        "Takes a device out of a group.",
                        AdminCommands::removeDevice),
                admin("group grant", "GROUP VAULT", "Lets a group into a vault.", AdminCommands::grant, ROLE),
                admin("group revoke", "GROUP VAULT", "Takes that back.", AdminCommands::revoke),
                admin("device list", "", "Lists the devices.", AdminCommands::listDevices),
                admin(
                        "device revoke",
                        "DEVICE",
                        "Shuts a device out, at once and for ever.",
                        AdminCommands::revokeDevice),
                admin(
                        "invite create",
                        "",
                        "Prints an invite.",
                        AdminCommands::createInvite,
                        Option.of("--group", "GROUP", "into this group"),
                        VAULT,
                        ROLE,
                        USES,
                        EXPIRES),
                admin("invite list", "", "Lists the invites that can still be used.", AdminCommands::listInvites),
                admin("invite delete", "ID", "Makes an invite worthless.", AdminCommands::deleteInvite),
                admin(
                        "token rotate",
                        "",
                        "Replaces the admin token; the old one ends at once.",
                        AdminCommands::rotateToken));
    }

    private static Command admin(
            String words, String operands, String summary, AdminCommands.Action action, Option... options) {
        List<Option> all = new ArrayList<>(Arrays.asList(options));
        all.addAll(SERVER_ACCESS);
        return Command.of("admin " + words, summary, context -> AdminCommands.run(context, action))
                .takes(operands)
                .explained(ADMIN)
                .with(all.toArray(Option[]::new));
    }

    /** The command that these words begin with; the longest match. */
    static Optional<Command> find(List<String> words) {
        for (int count = Math.min(3, words.size()); count > 0; count--) {
            String name = String.join(" ", words.subList(0, count));
            Optional<Command> found = ALL.stream().filter(command -> command.words().equals(name)).findFirst();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Commands whose words begin with these; for the help of {@code admin} and {@code admin vault}. */
    static List<Command> below(String words) {
        return ALL.stream().filter(command -> command.words().startsWith(words + " ")).toList();
    }

    /** An option of that name in any command; it takes a value everywhere or nowhere. */
    static Optional<Option> anyOption(String name) {
        return ALL.stream().flatMap(Command::allOptions).filter(option -> option.name().equals(name)).findFirst();
    }
}
