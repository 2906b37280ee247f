package tinysync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What is made from the table of commands for shells and for man, as the programs themselves read it. */
class ShellsTest {
    /** What is typed, and what is offered; a word that is begun is completed by the shell. */
    private static final Map<String, String> OFFERED = new LinkedHashMap<>();

    static {
        OFFERED.put("ad", "admin");
        OFFERED.put("admin ", "device group invite token vault");
        OFFERED.put("admin vault ", "create delete list set");
        OFFERED.put("--home /x admin vault s", "set");
        OFFERED.put("conflicts ", "main photos resolve");
        OFFERED.put("conflicts resolve copy --keep ", "both copy original");
        OFFERED.put("detach ", "main photos");
        OFFERED.put("status p", "photos");
        OFFERED.put("admin vault create ", "");
        OFFERED.put("invite --role ", "manage read write");
        OFFERED.put("rm admin vault --js", "--json");
        OFFERED.put("sync-once --t", "--timeout");
        OFFERED.put("events --f", "--follow");
        OFFERED.put("put --recu", "");
        OFFERED.put("completion ", "bash fish zsh");
        OFFERED.put("relocate main fol", "folder");
        OFFERED.put("client --config fi", "file");
    }

    @TempDir Path temp;

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    }

    private String run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(temp.toFile()).redirectErrorStream(true);
        builder.environment().put("TINYSYNC_HOME", temp.resolve("home").toString());
        builder.environment().put("HOME", temp.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    private void prepare() throws IOException {
        Files.createDirectories(temp.resolve("home"));
        Files.createDirectories(temp.resolve("folder"));
        Files.writeString(temp.resolve("file"), "");
        Files.writeString(
                temp.resolve("home/identity.json"),
                "{\"format\":2,\"accounts\":[{\"device_name\":\"laptop\",\"attachments\":"
                        + "[{\"name\":\"main\",\"id\":\"1\"},{\"name\":\"photos\"}]}]}");
    }

    /** A program of the shell that prints a line for each of what is typed: what it offers. */
    private static String driver(Completion.Shell shell) {
        StringBuilder text = new StringBuilder();
        switch (shell) {
            case BASH -> text.append("source ./script\n");
            case ZSH ->
                    text.append("compdef() { :; }\n")
                            .append(
                                    "compadd() { if [[ $1 == -a ]]; then offered+=(${(P)2}); else shift;"
                                            + " offered+=(\"$@\"); fi; }\n")
                            .append(
                                    "_files() { if [[ $1 == -/ ]]; then offered+=(*(/N)); else offered+=(*(N)); fi;"
                                            + " }\n")
                            .append("source ./script\n");
            case FISH -> text.append("source ./script\n");
        }
        for (String typed : OFFERED.keySet()) {
            switch (shell) {
                case BASH ->
                        text.append("COMP_WORDS=(tinysync ")
                                .append(typed.endsWith(" ") ? typed + "''" : typed)
                                .append(
                                        "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tinysync; echo"
                                                + " \"${COMPREPLY[*]}\"\n");
                case ZSH ->
                        text.append("words=(tinysync ")
                                .append(typed.endsWith(" ") ? typed + "''" : typed)
                                .append(
                                        "); CURRENT=$#words; offered=(); _tinysync;"
                                                + " echo ${(M)offered:#$words[CURRENT]*}\n");
                case FISH ->
                        text.append("echo (complete -C 'tinysync ")
                                .append(typed)
                                .append("' | string replace -r '\\t.*' '' | string trim -r -c / | string join ' ')\n");
            }
        }
        return text.toString();
    }

    @TestFactory
    Stream<DynamicTest> whatIsTypedIsCompletedByTheShellItself() {
        return Stream.of(Completion.Shell.values())
                .filter(shell -> isInstalled(shell.name().toLowerCase(Locale.ROOT)))
                .map(shell -> dynamicTest(shell.name(), () -> completes(shell)));
    }

    private void completes(Completion.Shell shell) throws Exception {
        prepare();
        Files.writeString(temp.resolve("script"), new Completion(shell).script());
        Files.writeString(temp.resolve("driver"), driver(shell));
        String name = shell.name().toLowerCase(Locale.ROOT);
        String said = shell == Completion.Shell.ZSH ? run(name, "-f", "./driver") : run(name, "./driver");
        List<String> lines = said.lines().toList();
        Map<String, String> offered = new LinkedHashMap<>();
        int i = 0;
        for (String typed : OFFERED.keySet()) {
            String line = i < lines.size() ? lines.get(i++) : "nothing was printed: " + said;
            offered.put(typed, String.join(" ", new TreeSet<>(List.of(line.strip().split("\\s+")))));
        }
        assertEquals(OFFERED, offered);
    }

    @Test
    void aShellThatIsNotKnownIsRefused() {
        assertEquals(
                Exit.WRONG_USAGE,
                assertThrows(CommandFailure.class, () -> Completion.Shell.parse("powershell")).exit());
    }

    @Test
    void everyCommandHasExamplesAndEachIsOneThatIsUnderstood() throws CommandFailure {
        List<String> without = new ArrayList<>();
        for (Command command : Commands.ALL) {
            List<String> examples = Examples.of(command);
            if (examples.isEmpty()) {
                without.add(command.words());
            }
            for (String example : examples) {
                List<String> line = words(example);
                assertEquals("tinysync", line.getFirst(), example);
                CommandLine.Parsed parsed = CommandLine.parse(line.subList(1, line.size()), Map.of(), "0");
                assertTrue(
                        parsed instanceof CommandLine.Parsed.Run run && run.arguments().command().equals(command),
                        example);
            }
        }
        assertEquals(List.of(), without, "examples belong into Examples.java");
    }

    /** As a shell would part them; only the quotes that the examples use. */
    private static List<String> words(String example) {
        List<String> words = new ArrayList<>();
        for (String piece : example.replaceAll(" [<>].*", "").split(" (?=(?:[^']*'[^']*')*[^']*$)")) {
            words.add(piece.replace("'", ""));
        }
        return words;
    }

    @Test
    void theManualNamesEveryCommandAndOptionAndIsWellFormed() throws Exception {
        String page = Manual.page("1.2.3");
        for (Command command : Commands.ALL) {
            assertTrue(page.contains(".SS " + command.words().replace("-", "\\-") + "\n"), command.words());
            command.options().forEach(one -> assertTrue(page.contains(one.name().replace("-", "\\-")), one.name()));
        }
        assertFalse(page.lines().anyMatch(line -> line.startsWith("'")), "a macro by mistake");
        Files.writeString(temp.resolve("page"), page);
        if (isInstalled("groff")) {
            assertEquals("", run("groff", "-man", "-ww", "-z", "-Tutf8", "page"));
        }
    }
}
