package tinysync.mutants;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * {@code Mutants CLASSES TEST_CLASSES PART [MOST [TESTS]]}: breaks the classes of PART (a package, or a package and the
 * start of class names), MOST times at most (spread evenly over all places), and runs the tests of TESTS (a package;
 * that of PART when not given) against each break.
 *
 * <p>Ends with 1 when a test passed in spite of every break, or when a test fails without any.
 */
public final class Mutants {
    private static final int MOST = 300;

    /** Leaked threads and class loaders of broken code add up, so a worker is replaced now and then. */
    private static final int RUNS_PER_WORKER = 100;

    /** A mutant that takes this many times as long as the sound code, and then some, hangs. */
    private static final int PATIENCE = 5;

    private static final long LEAST_PATIENCE_SECONDS = 15;
    private static final Mutant NONE = new Mutant("none", 0, 0, "");

    private final List<String> tests;
    private final PrintStream out;
    private final Set<String> known = new TreeSet<>();
    private final Set<String> neverFailed = new TreeSet<>();
    private Optional<Worker> worker = Optional.empty();
    private long patienceSeconds = 600;
    private int killed;
    private int hung;
    private int lived;

    private Mutants(List<String> tests, PrintStream out) {
        this.tests = tests;
        this.out = out;
    }

    /**
     * Runs, reports and ends.
     *
     * @param args see above
     * @throws IOException when classes cannot be read
     * @throws InterruptedException never in practice
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path classes = Path.of(args[0]);
        Path testClasses = Path.of(args[1]);
        int most = args.length > 3 ? Integer.parseInt(args[3]) : MOST;
        Part part = Part.parse(args[2]);
        String testPackage = args.length > 4 ? args[4] : part.packageName();
        List<String> tests =
                classes(testClasses, testPackage).stream()
                        .map(file -> testPackage + "." + file.getFileName().toString().replace(".class", ""))
                        .filter(name -> name.endsWith("Test"))
                        .toList();
        List<Mutant> mutants = new ArrayList<>();
        for (Path file : classes(classes, part.packageName())) {
            if (file.getFileName().toString().startsWith(part.classStart())) {
                mutants.addAll(Mutant.of(Files.readAllBytes(file)));
            }
        }
        boolean good = new Mutants(tests, System.out).run(spread(mutants, most));
        System.exit(good ? 0 : 1);
    }

    private static List<Path> classes(Path top, String packageName) throws IOException {
        try (Stream<Path> files = Files.list(top.resolve(packageName.replace('.', '/')))) {
            return files.filter(file -> file.toString().endsWith(".class")).sorted(Comparator.naturalOrder()).toList();
        }
    }

    private static List<Mutant> spread(List<Mutant> all, int most) {
        List<Mutant> some = new ArrayList<>();
        int count = Math.min(most, all.size());
        for (int i = 0; i < count; i++) {
            some.add(all.get((int) ((long) i * all.size() / count)));
        }
        return some;
    }

    private boolean run(List<Mutant> mutants) throws IOException, InterruptedException {
        if (!soundCodePasses()) {
            return false;
        }
        for (Mutant mutant : mutants) {
            judge(mutant, ask(mutant));
        }
        worker.ifPresent(Worker::end);
        for (String test : neverFailed) {
            out.println("never failed: " + test);
        }
        out.printf(
                "%d mutants: %d found, %d hung, %d lived; %d of %d tests failed for some mutant%n",
                mutants.size(), killed, hung, lived, known.size() - neverFailed.size(), known.size());
        return neverFailed.isEmpty();
    }

    private boolean soundCodePasses() throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<String> lines = ask(NONE).orElseThrow(() -> new IOException("the tests do not end"));
        patienceSeconds = LEAST_PATIENCE_SECONDS + PATIENCE * TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        for (String line : lines) {
            if (line.startsWith("failed ")) {
                out.println("fails without any mutant: " + line.substring("failed ".length()));
                return false;
            }
            known.add(line.substring("passed ".length()));
        }
        neverFailed.addAll(known);
        return !known.isEmpty();
    }

    private void judge(Mutant mutant, Optional<List<String>> answer) {
        if (answer.isEmpty()) {
            hung++;
            out.println("hung: " + mutant);
            return;
        }
        List<String> failed =
                answer.get().stream()
                        .filter(line -> line.startsWith("failed "))
                        .map(line -> line.substring("failed ".length()))
                        .toList();
        neverFailed.removeAll(failed);
        if (failed.isEmpty()) {
            lived++;
            out.println("lived: " + mutant);
        } else {
            killed++;
        }
    }

    /** What the tests say of a mutant; empty when they hung, or the process died. */
    private Optional<List<String>> ask(Mutant mutant) throws IOException, InterruptedException {
        if (worker.isEmpty()) {
            worker = Optional.of(Worker.start(tests));
        }
        Worker asked = worker.get();
        Optional<List<String>> answer = asked.ask(mutant, patienceSeconds);
        if (answer.isEmpty() || asked.runs >= RUNS_PER_WORKER) {
            asked.end();
            worker = Optional.empty();
        }
        return answer;
    }

    /**
     * What is broken: {@code tinysync.tree}, or only those classes whose names start so: {@code tinysync.tree.Plan}.
     */
    private record Part(String packageName, String classStart) {
        static Part parse(String text) {
            int last = text.lastIndexOf('.') + 1;
            return last > 0 && Character.isUpperCase(text.charAt(last))
                    ? new Part(text.substring(0, last - 1), text.substring(last))
                    : new Part(text, "");
        }
    }

    private static final class Worker {
        private final Process process;
        private final BufferedReader answers;
        private int runs;

        private Worker(Process process) {
            this.process = process;
            this.answers = process.inputReader(StandardCharsets.UTF_8);
        }

        static Worker start(List<String> tests) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(ProcessHandle.current().info().command().orElse("java"));
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx1g", "-cp"));
            command.add(System.getProperty("java.class.path"));
            String jar = System.getProperty("tinysync.jar");
            if (jar != null) {
                command.add(1, "-Dtinysync.jar=" + jar);
            }
            command.add(MutantWorker.class.getName());
            command.addAll(tests);
            return new Worker(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
        }

        Optional<List<String>> ask(Mutant mutant, long patienceSeconds) throws InterruptedException {
            runs++;
            var reading = CompletableFuture.supplyAsync(() -> answer(mutant));
            try {
                return reading.get(patienceSeconds, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IllegalStateException("no answer for " + mutant, e.getCause());
            }
        }

        private Optional<List<String>> answer(Mutant mutant) {
            List<String> lines = new ArrayList<>();
            try {
                process.outputWriter(StandardCharsets.UTF_8)
                        .append(mutant.className() + " " + mutant.place() + "\n")
                        .flush();
                for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                    if (line.equals("done")) {
                        return Optional.of(lines);
                    }
                    lines.add(line);
                }
                return Optional.empty();
            } catch (IOException e) {
                // A killed worker: its mutant broke the process, not only a test.
                return Optional.empty();
            }
        }

        void end() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
