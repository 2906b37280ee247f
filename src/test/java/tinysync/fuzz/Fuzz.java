package tinysync.fuzz;

import java.util.Locale;

/** What Jazzer calls, by the name of its method; the target is named by the property {@code tinysync.fuzz.target}. */
public final class Fuzz {
    private static final Target TARGET =
            Target.valueOf(System.getProperty("tinysync.fuzz.target", "json").toUpperCase(Locale.ROOT));

    private Fuzz() {}

    /**
     * Called again and again.
     *
     * @param bytes what Jazzer thought of
     */
    public static void fuzzerTestOneInput(byte[] bytes) {
        TARGET.accept(bytes);
    }
}
