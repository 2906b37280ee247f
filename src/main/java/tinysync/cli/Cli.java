package tinysync.cli;

/** The command line: says that there are no commands yet. */
public final class Cli {
    private Cli() {}

    /** Prints one sentence and ends with exit code 2. */
    public static void main(String[] arguments) {
        System.err.println("tinysync: no commands yet");
        System.exit(2);
    }
}
