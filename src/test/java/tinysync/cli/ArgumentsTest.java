package tinysync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
        Arguments.Parsed parsed = Arguments.parse(Arrays.asList(line), environment, "1.2.3");
        return assertInstanceOf(Arguments.Parsed.Run.class, parsed).arguments();
    }

    private static String print(String... line) throws CommandFailure {
        Arguments.Parsed parsed = Arguments.parse(Arrays.asList(line), Map.of(), "1.2.3");
        return assertInstanceOf(Arguments.Parsed.Print.class, parsed).text();
    }

    private static String wrong(String... line) {
        CommandFailure failure =
                assertThrows(CommandFailure.class, () -> Arguments.parse(Arrays.asList(line), Map.of(), "1.2.3"));
        assertEquals(Exit.WRONG_USAGE, failure.exit());
        assertTrue(failure.getMessage().lines().count() == 1, failure.getMessage());
        return failure.getMessage();
    }

    @TestFactory
    Stream<DynamicTest> everyCommandExplainsItself() {
        return Usages.ALL.stream()
                .map(
                        usage ->
                                DynamicTest.dynamicTest(
                                        usage.words(),
                                        () -> {
                                            String[] line = (usage.words() + " --help").split(" ");
                                            String help = print(line);
                                            assertTrue(help.startsWith("usage: tinysync " + usage.words()), help);
                                            usage.options()
                                                    .forEach(
                                                            option ->
                                                                    assertTrue(
                                                                            help.contains(option.shown()),
                                                                            option.name()));
                                            assertEquals(help, print(("--help " + usage.words()).split(" ")));
                                            assertEquals(help, print(("help " + usage.words()).split(" ")));
                                        }));
    }

    @TestFactory
    Stream<DynamicTest> everyCommandRefusesAnUnknownOption() {
        return Usages.ALL.stream()
                .map(
                        usage ->
                                DynamicTest.dynamicTest(
                                        usage.words(),
                                        () -> {
                                            String message = wrong((usage.words() + " --sideways").split(" "));
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
            assertEquals("status", arguments.words());
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
        assertEquals("admin vault create", arguments.words());
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
        assertEquals(Optional.of(512_000L), run("client", "--limit-up", "500K").bytes("--limit-up"));
        assertThrows(CommandFailure.class, () -> run("invite", "--expires", "soon").span("--expires"));
        assertThrows(CommandFailure.class, () -> run("client", "--limit-up", "-1").bytes("--limit-up"));
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
