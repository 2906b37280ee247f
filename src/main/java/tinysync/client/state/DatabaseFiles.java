package tinysync.client.state;

import tinysync.platform.PrivateFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files that are one SQLite database: itself, its write-ahead log, and the log's index. */
final class DatabaseFiles {
    private static final List<String> COMPANIONS = List.of("-wal", "-shm", "-journal");

    private DatabaseFiles() {}

    /**
     * Makes it an empty file where it is missing, and takes from all of them what rights others have. What SQLite puts
     * beside a database gets the rights of the database.
     */
    static void prepare(Path database) throws IOException {
        if (!Files.exists(database)) {
            deleteCompanions(database);
        }
        PrivateFiles.createFile(database, COMPANIONS);
    }

    static void delete(Path database) throws IOException {
        Files.deleteIfExists(database);
        deleteCompanions(database);
    }

    /** A log without its database would be replayed into the next one of that name. */
    private static void deleteCompanions(Path database) throws IOException {
        for (String companion : COMPANIONS) {
            Files.deleteIfExists(beside(database, companion));
        }
    }

    /** Whether the last user of the database ended without closing it. */
    static boolean hasLog(Path database) throws IOException {
        Path log = beside(database, "-wal");
        return Files.exists(log) && Files.size(log) > 0;
    }

    /** Renames the database to the first free {@code *.damaged-N}; the database itself first, see above. */
    static Path moveAside(Path database) throws IOException {
        int n = 1;
        while (Files.exists(beside(database, ".damaged-" + n))) {
            n++;
        }
        Path aside = beside(database, ".damaged-" + n);
        Files.move(database, aside);
        for (String companion : COMPANIONS) {
            if (Files.exists(beside(database, companion))) {
                Files.move(beside(database, companion), beside(aside, companion));
            }
        }
        return aside;
    }

    private static Path beside(Path database, String suffix) {
        return database.resolveSibling(database.getFileName() + suffix);
    }
}
