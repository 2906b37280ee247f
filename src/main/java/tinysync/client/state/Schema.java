package tinysync.client.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import tinysync.client.state.StateException.Trouble;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The numbered scripts that make the schema. A script that was released never changes; a new one is added behind it.
 * {@code PRAGMA user_version} says how many have run.
 */
final class Schema {
    private static final String FOLDER = "/schema/client/";
    private static final List<String> SCRIPTS = List.of("0001_state.sql");

    private Schema() {}

    /**
     * Runs what has not run yet, all of it or nothing.
     *
     * @return whether the database was empty before
     */
    static boolean bringUpToDate(Session session) throws StateException {
        long done = version(session);
        if (done > SCRIPTS.size()) {
            throw new StateException(
                    Trouble.NEWER,
                    "the client's state was written by a newer TinySync (schema "
                            + done
                            + ", this one knows "
                            + SCRIPTS.size()
                            + "): run that one");
        }
        if (done < SCRIPTS.size()) {
            session.transaction(
                    () -> {
                        for (String script : SCRIPTS.subList((int) version(session), SCRIPTS.size())) {
                            session.execute(text(script));
                        }
                        session.execute("PRAGMA user_version=" + SCRIPTS.size());
                        return done;
                    });
        }
        return done == 0;
    }

    private static long version(Session session) throws StateException {
        return session.first("PRAGMA user_version", new Values(), Row::number).orElseThrow();
    }

    private static String text(String script) throws StateException {
        try (InputStream in = Schema.class.getResourceAsStream(FOLDER + script)) {
            if (in == null) {
                throw new IllegalStateException("the program is incomplete: " + FOLDER + script + " is missing");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException failed) {
            throw new StateException(Trouble.DISK, "cannot read " + FOLDER + script, failed);
        }
    }
}
