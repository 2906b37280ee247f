package tinysync.server.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import tinysync.server.core.StoreException;
import tinysync.server.core.StoreException.Trouble;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The numbered scripts that make a schema. A script that was released never changes; a new one is added behind it. The
 * table {@code schema_version} says which have run.
 */
record Migrations(String folder, List<String> scripts) {

    static final Migrations REGISTRY =
            new Migrations("/schema/sqlite/registry/", List.of("0001_registry.sql", "0002_minter.sql"));
    static final Migrations VAULT =
            new Migrations("/schema/sqlite/vault/", List.of("0001_vault.sql", "0002_folders.sql"));

    Migrations {
        scripts = List.copyOf(scripts);
    }

    /** Runs what has not run yet, all of it or nothing. */
    void apply(SqliteSession session) {
        SqliteDatabase.transaction(
                session,
                "BEGIN IMMEDIATE",
                s -> {
                    s.execute(
                            "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, script TEXT NOT"
                                    + " NULL)");
                    long done =
                            s.first("SELECT coalesce(max(version), 0) FROM schema_version", row -> row.getLong(1))
                                    .orElseThrow();
                    if (done > scripts.size()) {
                        throw new StoreException(
                                Trouble.BROKEN,
                                "the database was written by a newer tinysync (schema "
                                        + done
                                        + ", this one knows "
                                        + scripts.size()
                                        + "): run that one, or restore a backup from before");
                    }
                    for (int i = (int) done; i < scripts.size(); i++) {
                        s.execute(text(scripts.get(i)));
                        s.update("INSERT INTO schema_version VALUES (?, ?)", i + 1, scripts.get(i));
                    }
                    return done;
                });
    }

    private String text(String script) {
        try (InputStream in = Migrations.class.getResourceAsStream(folder + script)) {
            if (in == null) {
                throw new StoreException(
                        Trouble.BROKEN, "the program is incomplete: " + folder + script + " is missing");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new StoreException(Trouble.BROKEN, "cannot read " + folder + script, e);
        }
    }
}
