package tinysync.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The machine and its Java, whoever syncs what on it. */
final class MachineCheck {
    /** Sockets, databases and files of a few busy attachments. */
    private static final long FILES_WANTED = 4_096;

    /** A watch a folder: enough for a home with a few large trees. */
    private static final long WATCHES_WANTED = 65_536;

    private final Path system;

    /**
     * @param system where {@code proc} and {@code dev} are
     */
    MachineCheck(Path system) {
        this.system = Objects.requireNonNull(system);
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok("Java", System.getProperty("java.vendor") + " " + System.getProperty("java.version")));
        findings.add(locale());
        findings.add(natives());
        openFiles().ifPresent(findings::add);
        watches().ifPresent(findings::add);
        drives().ifPresent(findings::add);
        return findings;
    }

    private static Finding locale() {
        String encoding = System.getProperty("sun.jnu.encoding", "unknown");
        return Replacement.canExpressUtf8()
                ? Finding.ok("locale", "names of files are " + encoding)
                : Finding.bad(
                        "locale",
                        "Java reads names of files as " + encoding + " and damages all but the plainest",
                        "set LC_ALL=C.UTF-8");
    }

    private static Finding natives() {
        try (Connection memory = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            return Finding.ok("database", "SQLite " + memory.getMetaData().getDatabaseProductVersion() + " loads");
        } catch (SQLException | LinkageError failed) {
            return Finding.bad(
                    "database",
                    "the library of SQLite does not load: " + failed.getMessage(),
                    "give Java a temporary folder from which programs may run: -Djava.io.tmpdir=DIR");
        }
    }

    /** The most that may be had; Java takes as many. */
    private Optional<Finding> openFiles() {
        OptionalLong most = number("proc/self/limits", "Max open files", 4);
        return most.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        most.getAsLong() >= FILES_WANTED
                                ? Finding.ok("open files", "at most " + most.getAsLong())
                                : Finding.advice(
                                        "open files",
                                        "at most " + most.getAsLong() + " at once",
                                        "allow " + FILES_WANTED + ": ulimit -n, LimitNOFILE= of the service"));
    }

    private Optional<Finding> watches() {
        OptionalLong most = number("proc/sys/fs/inotify/max_user_watches", "", 0);
        return most.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        most.getAsLong() >= WATCHES_WANTED
                                ? Finding.ok("watches", "at most " + most.getAsLong() + " folders are watched")
                                : Finding.advice(
                                        "watches",
                                        "at most "
                                                + most.getAsLong()
                                                + " folders are watched, of more than these"
                                                + " changes are only found by regular scans",
                                        "sysctl fs.inotify.max_user_watches=524288"));
    }

    private Optional<Finding> drives() {
        if (!Files.isDirectory(system.resolve("proc/self"))) {
            return Optional.empty();
        }
        boolean device = Files.isReadable(system.resolve("dev/fuse"));
        boolean program =
                Stream.of("bin", "usr/bin", "usr/local/bin")
                        .anyMatch(folder -> Files.isExecutable(system.resolve(folder).resolve("fusermount3")));
        return Optional.of(
                device && program
                        ? Finding.ok("FUSE", "is there (drives are not in this version)")
                        : Finding.advice(
                                "FUSE",
                                device ? "fusermount3 is missing" : "/dev/fuse cannot be used",
                                "folders need none; for a drive install the package fuse3"));
    }

    /** The number in that column of the line that begins so. */
    private OptionalLong number(String file, String start, int column) {
        try {
            for (String line : Files.readAllLines(system.resolve(file))) {
                String[] words = line.strip().split(" +");
                if (line.startsWith(start) && column < words.length) {
                    return words[column].equals("unlimited")
                            ? OptionalLong.of(Long.MAX_VALUE)
                            : OptionalLong.of(Long.parseLong(words[column]));
                }
            }
            return OptionalLong.empty();
        } catch (IOException | NumberFormatException notHere) {
            return OptionalLong.empty();
        }
    }
}
