package tinysync.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import tinysync.server.Logged;
import tinysync.server.RunningServer;
import tinysync.wire.ErrorCode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Thousands of requests that no good client sends, made by spoiling a good one of each call. None of them is a fault of
 * the server, shows its insides, leaves a connection that is taken for another request, or changes anything.
 */
class HostileRequestsTest {
    private static final int CASES_MIN = 1_500;

    @TempDir static Path folder;
    private static RunningServer server;
    private static Examples examples;
    private static Path data;
    private static Logged errors;

    @BeforeAll
    static void start() throws Exception {
        errors = Logged.from(Level.SEVERE);
        data = folder.resolve("data");
        server = RunningServer.start(data);
        examples = new Examples(server);
    }

    @AfterAll
    static void stop() {
        server.close();
        errors.close();
    }

    /** Cases by what they have in common, so that a change can be told to have come from some of them. */
    private static Map<String, List<Hostile>> groups() {
        Map<String, List<Hostile>> groups = new LinkedHashMap<>();
        Set<String> routes = new TreeSet<>();
        for (Example example : examples.all()) {
            boolean first = routes.add(example.route());
            if (first) {
                groups.put("head of " + example.route(), HostileHeads.of(example));
                groups.put("query of " + example.route(), HostileQueries.of(example));
            }
            if (example.json().isPresent()) {
                groups.put("JSON of " + example.route() + " " + groups.size(), HostileJson.of(example, first));
            }
        }
        groups.put("bundles", HostileBundles.of(examples));
        return groups;
    }

    @TestFactory
    Stream<DynamicContainer> hostileRequestsAreRefusedAndChangeNothing() {
        return groups().entrySet().stream()
                .map(
                        group ->
                                DynamicContainer.dynamicContainer(
                                        group.getKey(), cases(group.getKey(), group.getValue())));
    }

    private static Stream<DynamicTest> cases(String group, List<Hostile> cases) {
        Map<String, List<String>> before = new LinkedHashMap<>();
        List<DynamicTest> tests = new ArrayList<>();
        tests.add(DynamicTest.dynamicTest(group + ": before", () -> remember(before)));
        for (Hostile one : cases) {
            tests.add(DynamicTest.dynamicTest(group + ": " + one.name(), () -> check(one)));
        }
        tests.add(DynamicTest.dynamicTest(group + ": after", () -> assertUnchanged(before)));
        return tests.stream();
    }

    private static void remember(Map<String, List<String>> before) throws Exception {
        before.putAll(StoredState.of(data));
        errors.clear();
    }

    private static void assertUnchanged(Map<String, List<String>> before) throws Exception {
        Map<String, List<String>> after = StoredState.of(data);
        Set<String> places = new TreeSet<>(before.keySet());
        places.addAll(after.keySet());
        for (String place : places) {
            assertEquals(before.get(place), after.get(place), place);
        }
        assertEquals(List.of(), errors.lines(), "the server blamed itself");
    }

    private static void check(Hostile one) throws IOException {
        int port = server.uri("/").getPort();
        RawAnswer answer = RawAnswer.to(port, one.request(), one.head(), one.ends());
        assertNotEquals(RawAnswer.After.CONFUSED, answer.after());
        if (answer.closedSilently()) {
            assertEquals(Hostile.Fate.TURNED_AWAY, one.fate(), "closed without a word");
            return;
        }
        assertTellsNothing(answer);
        switch (one.fate()) {
            case REFUSED -> assertRefused(answer, one.head());
            case TURNED_AWAY -> assertTurnedAway(answer, one.head());
            case HARMLESS -> assertTrue(answer.status() < 500, answer.head());
            case MUTATIONS_REFUSED -> {
                assertEquals(200, answer.status(), answer.body());
                String first = answer.body().lines().findFirst().orElseThrow();
                assertEquals("refused", Json.parse(first).asObject().getString("result", ""), answer.body());
            }
        }
    }

    private static void assertRefused(RawAnswer answer, boolean head) {
        assertTrue(answer.status() >= 400 && answer.status() < 500, answer.head() + answer.body());
        if (!head) {
            Optional<ErrorCode> code = answer.code().flatMap(ErrorCode::parse);
            assertEquals(Optional.of(answer.status()), code.map(ErrorCode::status), answer.head() + answer.body());
            assertTrue(answer.body().contains("\"request_id\""), answer.body());
            assertEquals(Optional.of("no-store"), answer.header("Cache-Control"));
        }
    }

    /** The JDK's own words are a line of HTML; a coding that it does not know is its one status of 5xx. */
    private static void assertTurnedAway(RawAnswer answer, boolean head) {
        if (answer.header("X-Request-Id").isPresent()) {
            assertRefused(answer, head);
        } else {
            assertTrue(List.of(400, 404, 501).contains(answer.status()), answer.head());
            assertTrue(head || answer.body().startsWith("<h1>" + answer.status()), answer.body());
            assertEquals(RawAnswer.After.CLOSED, answer.after());
        }
    }

    private static void assertTellsNothing(RawAnswer answer) {
        String all = answer.head() + answer.body();
        for (String inside :
                List.of("\tat ", "java.", "tinysync.server", "sqlite", "SQL", data.toString(), "Server:")) {
            assertFalse(all.contains(inside) && answer.status() >= 400, all);
        }
    }

    @Test
    void thereAreEnoughOfThem() {
        int cases = groups().values().stream().mapToInt(List::size).sum();
        assertTrue(cases >= CASES_MIN, () -> cases + " cases");
    }

    @Test
    void eachCallHasAGoodExample() throws IOException {
        Set<String> known = examples.all().stream().map(Example::route).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(AllRoutes.names(folder), known);
    }

    /** What is refused above is refused for what was spoiled, not for what it was made from. */
    @Test
    void eachExampleIsGood(@TempDir Path other) throws Exception {
        try (RunningServer fresh = RunningServer.start(other.resolve("data"))) {
            for (Example example : new Examples(fresh).all()) {
                int port = fresh.uri("/").getPort();
                boolean head = example.request().method().equals("HEAD");
                RawAnswer answer = RawAnswer.to(port, example.request().bytes(), head, false);
                assertTrue(answer.status() < 300, example + answer.head() + answer.body());
                assertEquals(RawAnswer.After.GOOD, answer.after());
                // All of it is somebody's own, or true for a moment only.
                assertEquals(Optional.of("no-store"), answer.header("Cache-Control"), example.route());
                assertEquals(Optional.of("nosniff"), answer.header("X-Content-Type-Options"), example.route());
                assertEquals(Optional.empty(), answer.header("Server"), example.route());
                assertFalse(answer.body().contains("\"refused\""), example + answer.body());
            }
        }
    }
}
