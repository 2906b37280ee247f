package tinysync.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** All commands, in the order of the help, with all that is said about their use. */
final class Usages {
    private static final int ANY = Integer.MAX_VALUE;

    private static final Option VAULT = Option.of("--vault", "VAULT", "a vault by name or id");
    private static final Option ROLE = Option.of("--role", "ROLE", "read, write or manage (default write)");
    private static final Option USES = Option.of("--uses", "N", "how many devices may use it (default 1)");
    private static final Option EXPIRES =
            Option.of("--expires", "TIME", "until then it works: 30m, 12h, 7d (default 7d)");
    private static final Option FOLDER = Option.of("--folder", "DIR", "the folder that shows the vault");
    private static final Option DRIVE =
            Option.of("--drive", "DIR", "a drive with files on demand (not in this version)");
    private static final Option RECURSIVE = Option.toggle("-r", "folders with all that is in them");
    private static final List<Option> SERVER_ACCESS =
            List.of(
                    Option.of("--server", "URL", "the server's address"),
                    Option.of("--token-file", "FILE", "the file with its admin token"),
                    Option.of(
                            "--data", "DIR", "instead of both: the data folder of a server that runs on this machine"));

    private static final String PLACE =
            "A place is VAULT:/path, or a path inside a folder that shows a vault. Works without a folder, straight on"
                    + " the server.";

    static final List<Usage> ALL =
            List.of(
                    new Usage(
                            "server",
                            "",
                            0,
                            0,
                            "Runs the server in the foreground.",
                            "The first start makes the vault 'main' and prints an invite for the first devices. A"
                                    + " listener beyond this machine needs TLS, a proxy in front, or --insecure-http."
                                    + " SIGTERM stops it cleanly.",
                            List.of(
                                    Option.of("--data", "DIR", "where everything is kept (default ./tinysync-data)"),
                                    Option.of("--listen", "HOST:PORT", "default 127.0.0.1:8460; port 0 picks one"),
                                    Option.of(
                                            "--wake-listen",
                                            "HOST:PORT",
                                            "for the wake-up socket (default: next port if free)"),
                                    Option.of("--wake-url", "URL", "where clients find the wake-up socket"),
                                    Option.of("--public-url", "URL", "where clients find the server"),
                                    Option.of("--db", "URL", "a PostgreSQL database (not in this version)"),
                                    Option.of("--blobs", "DIR", "where large content is kept"),
                                    Option.of("--tls", "self", "TLS with a key made by the server itself"),
                                    Option.of("--tls-cert", "FILE", "TLS with this certificate chain (PEM)"),
                                    Option.of("--tls-key", "FILE", "and this private key (PEM)"),
                                    Option.toggle("--behind-proxy", "a proxy in front speaks TLS"),
                                    Option.toggle(
                                            "--insecure-http",
                                            "plain HTTP beyond this machine, readable by anyone between"))),
                    new Usage(
                            "client",
                            "",
                            0,
                            0,
                            "Runs the client in the foreground: keeps all attached folders in sync.",
                            "Prints 'ready' once other commands can reach it. SIGTERM stops it cleanly.",
                            List.of(
                                    Option.of(
                                            "--hold-deletes", "N|P%|off", "when deletions wait for 'tinysync confirm'"),
                                    Option.of("--limit-up", "RATE", "bytes per second, such as 500K or 2M"),
                                    Option.of("--limit-down", "RATE", "bytes per second"))),
                    new Usage(
                            "join",
                            "INVITE|-",
                            1,
                            1,
                            "Makes this a device of a server and attaches a folder, in one step.",
                            "With - the invite is read from standard input. An invite is a secret: whoever has it can"
                                    + " join.",
                            List.of(
                                    Option.of(
                                            "--name",
                                            "DEVICE",
                                            "how others see this device (default: the host's name)"),
                                    VAULT,
                                    Option.of(
                                            "--folder", "DIR", "the folder that shows the vault (default ~/TinySync)"),
                                    DRIVE)),
                    new Usage(
                            "register",
                            "",
                            0,
                            0,
                            "Makes this a device of a server, without attaching anything.",
                            "",
                            List.of(
                                    Option.of("--server", "URL", "the server's address"),
                                    Option.of("--invite", "FILE|-", "a file with an invite, or - for standard input"),
                                    Option.of(
                                            "--token-file",
                                            "FILE",
                                            "a file with the admin token, instead of an invite"),
                                    Option.of(
                                            "--name",
                                            "DEVICE",
                                            "how others see this device (default: the host's name)"))),
                    new Usage(
                            "attach",
                            "",
                            0,
                            0,
                            "Shows a vault in a folder.",
                            "What the folder holds already is merged with the vault; nothing is deleted.",
                            List.of(
                                    VAULT,
                                    FOLDER,
                                    DRIVE,
                                    Option.of("--as", "NAME", "the attachment's name (default: the vault's)"))),
                    new Usage("detach", "[NAME]", 0, 1, "Ends the syncing of a folder; its files stay.", "", List.of()),
                    new Usage(
                            "sync-once",
                            "[NAME]",
                            0,
                            1,
                            "Syncs until nothing is left to do.",
                            "Asks the running client, or does it by itself. Exit 1 at the timeout, 3 when the server is"
                                    + " not reachable, 4 when something is held for confirmation.",
                            List.of(
                                    Option.of(
                                            "--timeout",
                                            "TIME",
                                            "give up after this long: 90s, 10m (default: never)"))),
                    new Usage("status", "[NAME]", 0, 1, "Tells how things stand.", "", List.of()),
                    new Usage(
                            "events",
                            "[NAME]",
                            0,
                            1,
                            "Lists what happened lately.",
                            "",
                            List.of(Option.toggle("--follow", "go on with what happens, until interrupted"))),
                    new Usage("conflicts", "[NAME]", 0, 1, "Lists conflict copies.", "", List.of()),
                    new Usage(
                            "pause",
                            "[NAME]",
                            0,
                            1,
                            "Stops syncing until 'tinysync resume', also after a restart.",
                            "",
                            List.of()),
                    new Usage("resume", "[NAME]", 0, 1, "Goes on after 'tinysync pause'.", "", List.of()),
                    new Usage(
                            "confirm",
                            "[NAME]",
                            0,
                            1,
                            "Lets a held mass deletion or overwrite go on.",
                            "",
                            List.of(Option.toggle("--reject", "undo it instead: what was deleted comes back"))),
                    new Usage(
                            "panic-resync",
                            "[NAME]",
                            0,
                            1,
                            "Forgets what the client remembers and compares disk and server anew; deletes nothing.",
                            "",
                            List.of()),
                    new Usage(
                            "invite",
                            "",
                            0,
                            0,
                            "Prints an invite for the next device.",
                            "",
                            List.of(VAULT, ROLE, USES, EXPIRES)),
                    new Usage("ls", "[PLACE]", 0, 1, "Lists a folder of a vault.", PLACE, List.of()),
                    new Usage("cat", "PLACE", 1, 1, "Prints a file of a vault.", PLACE, List.of()),
                    new Usage(
                            "get",
                            "PLACE [TARGET|-]",
                            1,
                            2,
                            "Copies from a vault to this machine.",
                            PLACE,
                            List.of(RECURSIVE)),
                    new Usage(
                            "put",
                            "SOURCE|- PLACE",
                            2,
                            2,
                            "Copies from this machine into a vault.",
                            PLACE,
                            List.of(RECURSIVE)),
                    new Usage(
                            "mkdir", "PLACE", 1, 1, "Makes a folder in a vault, and those above it.", PLACE, List.of()),
                    new Usage("mv", "PLACE PLACE", 2, 2, "Moves or renames inside a vault.", PLACE, List.of()),
                    new Usage(
                            "rm",
                            "PLACE...",
                            1,
                            ANY,
                            "Deletes from a vault, and so on every device.",
                            PLACE,
                            List.of(RECURSIVE)),
                    admin(
                            "vault create",
                            "NAME",
                            1,
                            1,
                            "Makes a vault.",
                            Option.of("--names", "portable|exact", "how names may clash")),
                    admin("vault list", "", 0, 0, "Lists the vaults."),
                    admin(
                            "vault set",
                            "VAULT",
                            1,
                            1,
                            "Changes a vault.",
                            Option.of("--name", "NAME", "call it so"),
                            Option.of(
                                    "--merge", "GLOBS", "text files to merge instead of copying, separated by commas"),
                            Option.of("--retention", "TIME", "how long old versions are kept: 90d, or forever"),
                            Option.of("--quota", "SIZE", "at most this much: 10G, or none")),
                    admin("vault delete", "VAULT", 1, 1, "Deletes a vault with all its content."),
                    admin("group create", "NAME", 1, 1, "Makes a group of devices."),
                    admin("group list", "", 0, 0, "Lists the groups."),
                    admin("group delete", "GROUP", 1, 1, "Deletes a group; its devices lose what it granted."),
                    admin("group add-device", "GROUP DEVICE", 2, 2, "Puts a device into a group."),
                    admin("group remove-device", "GROUP DEVICE", 2, 2, "Takes a device out of a group."),
                    admin("group grant", "GROUP VAULT", 2, 2, "Lets a group into a vault.", ROLE),
                    admin("group revoke", "GROUP VAULT", 2, 2, "Takes that back."),
                    admin("device list", "", 0, 0, "Lists the devices."),
                    admin("device revoke", "DEVICE", 1, 1, "Shuts a device out, at once and for ever."),
                    admin(
                            "invite create",
                            "",
                            0,
                            0,
                            "Prints an invite.",
                            Option.of("--group", "GROUP", "into this group"),
                            VAULT,
                            ROLE,
                            USES,
                            EXPIRES),
                    admin("invite list", "", 0, 0, "Lists the invites that can still be used."),
                    admin("invite delete", "ID", 1, 1, "Makes an invite worthless."),
                    admin("token rotate", "", 0, 0, "Replaces the admin token; the old one ends at once."));

    private Usages() {}

    private static Usage admin(String words, String operands, int least, int most, String summary, Option... options) {
        List<Option> all = new ArrayList<>(Arrays.asList(options));
        all.addAll(SERVER_ACCESS);
        return new Usage(
                "admin " + words,
                operands,
                least,
                most,
                summary,
                "Vaults, groups and devices are called by name or id. Needs the admin token, which the server keeps in"
                        + " admin.token in its data folder.",
                all);
    }

    /** The command that these words begin with; the longest match. */
    static Optional<Usage> find(List<String> words) {
        for (int count = Math.min(3, words.size()); count > 0; count--) {
            String name = String.join(" ", words.subList(0, count));
            Optional<Usage> found = ALL.stream().filter(usage -> usage.words().equals(name)).findFirst();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Commands whose words begin with these; for the help of {@code admin} and {@code admin vault}. */
    static List<Usage> below(String words) {
        return ALL.stream().filter(usage -> usage.words().startsWith(words + " ")).toList();
    }
}
