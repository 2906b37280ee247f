package tinysync.cli;

import tinysync.platform.FsException;
import tinysync.platform.ProcessImage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs this program once more in its own place, with the JVM flags and the locale that the command needs. Under the
 * same process id, so that nobody who started it notices.
 */
final class Replacement {
    /** Set by the user: never replace. */
    static final String NEVER = "TINYSYNC_NO_REEXEC";

    /** Told to the replacement, so that it is the last one. */
    private static final String DONE = "tinysync.replaced";

    private static final List<String> EVERY = List.of("--enable-native-access=ALL-UNNAMED", "-D" + DONE + "=true");

    /**
     * A daemon does a little of everything, now and then: with the usual thresholds, half of its processor time goes
     * into optimizing code that then hardly runs. At twenty times these, what is hot for long (hashing, chunking, a
     * large scan) is still optimized within a second.
     */
    private static final List<String> DAEMON =
            List.of(
                    "-XX:Tier4InvocationThreshold=100000",
                    "-XX:Tier4MinInvocationThreshold=12000",
                    "-XX:Tier4CompileThreshold=300000",
                    "-XX:Tier4BackEdgeThreshold=800000");

    /**
     * A daemon of many small objects that mostly waits: the serial collector costs the least memory and no threads, and
     * gives back what a scan took; compact headers save a fifth of the trees. It stays below a quarter of the machine.
     * Out of memory, half a daemon is worse than none: it ends, and all it does survives that.
     */
    private static final List<String> CLIENT =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:MaxRAMPercentage=25",
                    "-XX:MinHeapFreeRatio=10",
                    "-XX:MaxHeapFreeRatio=30",
                    "-XX:+ExitOnOutOfMemoryError");

    /**
     * The collector is Java's own choice: G1 with its short pauses where there are several processors, the serial one
     * on a small box. When idle, G1 gives memory back every five minutes.
     */
    private static final List<String> SERVER =
            List.of(
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:MaxRAMPercentage=50",
                    "-XX:G1PeriodicGCInterval=300000",
                    "-XX:+ExitOnOutOfMemoryError");

    private Replacement() {}

    /**
     * Replaces this process where that is possible and of use; else returns. Call before anything is opened or started.
     *
     * @param words of the command
     */
    static void ifNeeded(String words, Terminal terminal) {
        boolean daemon = words.equals("server") || words.equals("client");
        boolean utf8 = canExpressUtf8();
        if ((!daemon && utf8)
                || terminal.environment().containsKey(NEVER)
                || System.getProperty(DONE) != null
                || !ProcessImage.supported()) {
            return;
        }
        try {
            Path java = Path.of("/proc/self/exe").toRealPath();
            ProcessImage.replace(java, arguments(words, ProcessImage.arguments()), environment(utf8));
        } catch (IOException failed) {
            terminal.err().println("tinysync: goes on with the flags it was started with: " + failed.getMessage());
        }
    }

    /** Where it cannot, names of files outside ASCII are damaged on their way in and out of Java. */
    static boolean canExpressUtf8() {
        return System.getProperty("sun.jnu.encoding", "").equalsIgnoreCase("UTF-8");
    }

    /** Ours first, so that what the user gave wins. */
    static List<String> arguments(String words, List<String> original) {
        List<String> arguments = new ArrayList<>();
        arguments.add(original.getFirst());
        arguments.addAll(EVERY);
        switch (words) {
            case "server" -> {
                arguments.addAll(DAEMON);
                arguments.addAll(SERVER);
            }
            case "client" -> {
                arguments.addAll(DAEMON);
                arguments.addAll(CLIENT);
            }
            default -> arguments.add("-XX:TieredStopAtLevel=1");
        }
        arguments.addAll(original.subList(1, original.size()));
        return arguments;
    }

    private static Map<String, String> environment(boolean utf8) throws FsException {
        Map<String, String> environment = new LinkedHashMap<>(ProcessImage.environment());
        if (!utf8) {
            environment.put("LC_ALL", "C.UTF-8");
        }
        return environment;
    }
}
