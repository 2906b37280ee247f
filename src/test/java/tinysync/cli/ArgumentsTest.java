package tinysync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

class ArgumentsTest {
    @TempDir Path temp;

    private static Arguments run(String... line) throws CommandFailure {
        return run(Map.of(), line);
    }

    private static Arguments run(Map<String, String> environment, String... line) throws CommandFailure {
        CommandLine.Parsed parsed = CommandLine.parse(Arrays.asList(line), environment, "1.2.3");
        return assertInstanceOf(CommandLine.Parsed.Run.class, parsed).arguments().withSettings();
    }

    private static String print(String... line) throws CommandFailure {
        CommandLine.Parsed parsed = CommandLine.parse(Arrays.asList(line), Map.of(), "1.2.3");
        return assertInstanceOf(CommandLine.Parsed.Print.class, parsed).text();
    }

    private static String wrong(String... line) {
        CommandFailure failure = assertThrows(CommandFailure.class, () -> run(line));
        assertEquals(Exit.WRONG_USAGE, failure.exit());
        assertTrue(failure.getMessage().lines().count() == 1, failure.getMessage());
        return failure.getMessage();
    }

    @TestFactory
    Stream<DynamicTest> everyCommandExplainsItself() {
        return Commands.ALL.stream()
                .map(
                        command ->
                                DynamicTest.dynamicTest(
                                        command.words(),
                                        () -> {
                                            String[] line = (command.words() + " --help").split(" ");
                                            String help = print(line);
                                            assertTrue(help.startsWith("usage: tinysync " + command.words()), help);
                                            command.options()
                                                    .forEach(
                                                            option ->
                                                                    assertTrue(
                                                                            help.contains(option.shown()),
                                                                            option.name()));
                                            assertEquals(help, print(("--help " + command.words()).split(" ")));
                                            assertEquals(help, print(("help " + command.words()).split(" ")));
                                        }));
    }

    @TestFactory
    Stream<DynamicTest> everyCommandRefusesAnUnknownOption() {
        return Commands.ALL.stream()
                .map(
                        command ->
                                DynamicTest.dynamicTest(
                                        command.words(),
                                        () -> {
                                            String message = wrong((command.words() + " --sideways").split(" "));
                                            assertTrue(message.startsWith("unknown option '--sideways'"), message);
                                        }));
    }

    @Test
    void globalOptionsWorkBeforeAndAfterTheCommand() throws CommandFailure {
        for (List<String> line :
                List.of(
                        List.of("--home", "H", "--json", "status", "main"),
                        List.of("status", "--home", "H", "main", "--json"),
                        List.of("status", "main", "--json", "--home=H"))) {
            Arguments arguments = run(line.toArray(String[]::new));
            assertEquals("status", arguments.command().words());
            assertEquals(List.of("main"), arguments.operands());
            assertEquals(Optional.of("H"), arguments.value("--home"));
            assertTrue(arguments.json());
        }
    }

    @Test
    void valuesComeFromFlagsThenTheEnvironmentThenTheFile() throws CommandFailure, IOException {
        Path file = Files.writeString(temp.resolve("c.properties"), "listen=file:1\ndata=from-file\n");
        Map<String, String> environment = Map.of("TINYSYNC_LISTEN", "env:1", "TINYSYNC_WAKE_LISTEN", "env:2");
        Arguments flag = run(environment, "server", "--listen", "flag:1", "--config", file.toString());
        assertEquals(Optional.of("flag:1"), flag.value("--listen"));
        assertEquals(Optional.of("env:2"), flag.value("--wake-listen"));
        assertEquals(Optional.of("from-file"), flag.value("--data"));
        assertEquals(Optional.empty(), flag.value("--public-url"));
    }

    @Test
    void aSingleDashAndWhatFollowsTwoAreOperands() throws CommandFailure {
        assertEquals(List.of("-", "main:/a"), run("put", "-", "main:/a").operands());
        assertEquals(List.of("-x", "main:/a"), run("put", "-r", "--", "-x", "main:/a").operands());
        assertTrue(run("rm", "-r", "main:/a").on("-r"));
    }

    @Test
    void commandsOfSeveralWordsAreFound() throws CommandFailure {
        Arguments arguments = run("admin", "--server", "u", "vault", "create", "photos");
        assertEquals("admin vault create", arguments.command().words());
        assertEquals(List.of("photos"), arguments.operands());
    }

    @Test
    void aSlipOfTheFingerIsUnderstood() {
        assertEquals("unknown command 'statsu': did you mean 'status'?", wrong("statsu"));
        assertEquals("unknown option '--jsn': did you mean '--json'?", wrong("status", "--jsn"));
        assertEquals("unknown admin vault command 'crate': did you mean 'create'?", wrong("admin", "vault", "crate"));
        assertEquals("unknown admin command 'vualt': did you mean 'vault'?", wrong("admin", "vualt", "list"));
        assertEquals("unknown command 'frobnicate': 'tinysync --help' lists what there is", wrong("frobnicate"));
    }

    @Test
    void whatIsMissingOrTooMuchIsNamed() {
        assertTrue(wrong().contains("no command given"));
        assertTrue(wrong("join").startsWith("something is missing: tinysync join"));
        assertTrue(wrong("status", "a", "b").startsWith("'b' is too much"));
        assertEquals("option --home needs a value: --home DIR", wrong("status", "--home"));
        assertEquals("option --json takes no value", wrong("status", "--json=yes"));
        assertTrue(wrong("admin").startsWith("'admin' needs a further word"));
        assertTrue(wrong("status", "--config", temp.resolve("none").toString()).startsWith("cannot read the settings"));
    }

    @Test
    void anUnknownOptionBeforeTheCommandIsNamedAndNotItsValue() {
        assertEquals("unknown option '--hme': did you mean '--home'?", wrong("--hme", "x", "status"));
        assertEquals("unknown option '--hme': did you mean '--home'?", wrong("--hme=x", "statsu"));
    }

    @Test
    void helpKnowsGroupsToo() throws CommandFailure {
        assertEquals(print("admin", "vault", "--help"), print("help", "admin", "vault"));
        assertEquals(print("admin", "--help"), print("admin", "-h"));
        assertEquals(print("--help"), print("help"));
        assertEquals("unknown command 'statsu': did you mean 'status'?", wrong("help", "statsu"));
    }

    @Test
    void whatACommandCannotDoWithoutHasNoBrackets() {
        String synopsis = Commands.find(List.of("attach")).orElseThrow().synopsis();
        assertEquals("tinysync attach --vault VAULT --folder DIR [--drive DIR] [--as NAME] [--server URL]", synopsis);
    }

    @Test
    void anOptionTakesAValueInEveryCommandOrInNone() {
        Commands.ALL.stream()
                .flatMap(Command::allOptions)
                .forEach(
                        option ->
                                assertEquals(
                                        Commands.anyOption(option.name()).orElseThrow().value().isPresent(),
                                        option.value().isPresent(),
                                        option.name()));
    }

    @Test
    void anEmptyValueInTheEnvironmentOrTheFileIsNone() throws CommandFailure, IOException {
        Path file = Files.writeString(temp.resolve("c.properties"), "name=from-file\nhome=\n");
        Map<String, String> environment = Map.of("TINYSYNC_NAME", "", "TINYSYNC_HOME", "", "TINYSYNC_JSON", "");
        Arguments arguments = run(environment, "join", "-", "--config", file.toString());
        assertEquals(Optional.of("from-file"), arguments.value("--name"));
        assertEquals(Optional.empty(), arguments.pathOf("--home"));
        assertFalse(arguments.json());
        assertThrows(CommandFailure.class, () -> run("status", "--home=").pathOf("--home"));
    }

    @Test
    void aSettingThatNoCommandHasIsRefused() throws IOException {
        Path file = Files.writeString(temp.resolve("c.properties"), "hmoe=x\n");
        String message = wrong("status", "--config", file.toString());
        assertEquals("unknown setting in " + file + " 'hmoe': did you mean 'home'?", message);
    }

    @Test
    void theSettingsAreReadOnlyWhenTheyAreAskedFor() throws CommandFailure {
        String[] line = {"status", "--config", temp.resolve("none").toString()};
        CommandLine.Parsed parsed = CommandLine.parse(Arrays.asList(line), Map.of(), "1.2.3");
        assertInstanceOf(CommandLine.Parsed.Run.class, parsed);
    }

    @Test
    void aCommandReadsNoOptionThatItDoesNotHave() throws CommandFailure {
        Arguments status = run("status");
        assertThrows(IllegalArgumentException.class, () -> status.value("--vault"));
    }

    @Test
    void operandsAreCountedAsTheHelpShowsThem() throws CommandFailure {
        assertEquals(List.of(), run("ls").operands());
        assertEquals(List.of("v:/a", "x"), run("get", "v:/a", "x").operands());
        assertTrue(wrong("get").startsWith("something is missing"));
        assertTrue(wrong("get", "v:/a", "x", "y").startsWith("'y' is too much"));
        assertEquals(3, run("rm", "v:/a", "v:/b", "v:/c").operands().size());
        assertTrue(wrong("rm").startsWith("something is missing"));
        assertTrue(wrong("mv", "v:/a").startsWith("something is missing"));
    }

    @Test
    void groupsOfCommandsAreListed() throws CommandFailure {
        assertTrue(print("admin", "--help").contains("admin group add-device"));
        assertTrue(print("admin", "vault", "--help").contains("admin vault create"));
        assertTrue(print("--help").contains("sync-once"));
        assertEquals("tinysync 1.2.3\n", print("--version"));
        assertEquals("tinysync 1.2.3\n", print("status", "--version"));
    }

    @Test
    void timesAndSizesHaveUnits() throws CommandFailure {
        assertEquals(Optional.of(Duration.ofDays(7)), run("invite", "--expires", "7d").span("--expires"));
        assertEquals(Optional.of(Duration.ofSeconds(90)), run("sync-once", "--timeout", "90").span("--timeout"));
        assertEquals(Optional.of(Duration.ofMinutes(2)), run("sync-once", "--timeout=2m").span("--timeout"));
        assertEquals(512_000L, Quantities.bytes("--quota", "500K"));
        assertThrows(CommandFailure.class, () -> run("invite", "--expires", "soon").span("--expires"));
        assertThrows(CommandFailure.class, () -> Quantities.bytes("--quota", "-1"));
        assertThrows(CommandFailure.class, () -> run("invite", "--uses", "0").count("--uses"));
        assertEquals("1.5 MiB", Quantities.shown(3 << 19));
        assertEquals("999 B", Quantities.shown(999));
    }

    @Test
    void aReplacementKeepsWhatTheUserGave() {
        List<String> line = List.of("java", "-XX:MaxRAMPercentage=10", "-jar", "tinysync.jar", "client");
        List<String> again = Replacement.arguments("client", line);
        assertEquals("java", again.getFirst());
        assertTrue(again.contains("--enable-native-access=ALL-UNNAMED"));
        assertEquals(line.subList(1, 5), again.subList(again.size() - 4, again.size()));
    }
}
