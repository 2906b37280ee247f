package tinysync;

import tinysync.cli.Cli;

/**
 * The entry point of {@code tinysync.jar}.
 *
 * <p>Compiled for Java 8, so that a Java too old for the rest loads this class and says in one sentence what is needed,
 * instead of a stack trace. It therefore uses nothing newer, and names {@link Cli} only behind the check.
 */
public final class Main {
    private static final int NEEDED = 25;
    private static final int EXIT_WRONG_USAGE = 2;

    private Main() {}

    /**
     * Hands over to the command line, or exits with status 2 under an older Java.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        if (feature(System.getProperty("java.specification.version")) < NEEDED) {
            System.err.println(
                    "TinySync needs Java "
                            + NEEDED
                            + " or newer, and this is Java "
                            + System.getProperty("java.version")
                            + ".");
            System.exit(EXIT_WRONG_USAGE);
        }
        Cli.main(args);
    }

    /** The number people call a Java by: 8 for {@code 1.8}, 25 for {@code 25}. */
    private static int feature(String specification) {
        String number = specification.startsWith("1.") ? specification.substring(2) : specification;
        return Integer.parseInt(number);
    }
}
