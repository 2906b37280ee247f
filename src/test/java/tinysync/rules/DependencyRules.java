package tinysync.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The direction of dependencies, as a table.
 *
 * <p>A package belongs to the room with the longest name that it starts with; inside its room it is free. A room may
 * use the rooms to the right of its arrow and no other.
 */
final class DependencyRules {
    private static final Set<String> PURE_BASE = Set.of("tinysync.tree", "tinysync.content", "tinysync.merge");
    private static final Set<String> WIRE = and(PURE_BASE, "tinysync.wire");

    /** Room → the rooms it may use. */
    private static final Map<String, Set<String>> ARROWS =
            Map.ofEntries(
                    Map.entry("tinysync", Set.of("tinysync.cli")),
                    Map.entry(
                            "tinysync.cli",
                            and(
                                    WIRE,
                                    "tinysync.server",
                                    "tinysync.server.store",
                                    "tinysync.server.blob",
                                    "tinysync.server.core",
                                    "tinysync.client",
                                    "tinysync.client.state",
                                    "tinysync.client.engine",
                                    "tinysync.platform")),
                    Map.entry(
                            "tinysync.server",
                            and(
                                    WIRE,
                                    "tinysync.server.store",
                                    "tinysync.server.blob",
                                    "tinysync.server.core",
                                    "tinysync.platform")),
                    Map.entry("tinysync.server.store", and(WIRE, "tinysync.server.core", "tinysync.platform")),
                    Map.entry("tinysync.server.blob", and(WIRE, "tinysync.server.core", "tinysync.platform")),
                    Map.entry("tinysync.server.core", WIRE),
                    Map.entry(
                            "tinysync.client",
                            and(WIRE, "tinysync.client.state", "tinysync.client.engine", "tinysync.platform")),
                    Map.entry("tinysync.client.state", and(WIRE, "tinysync.client.engine", "tinysync.platform")),
                    Map.entry("tinysync.client.engine", WIRE),
                    Map.entry("tinysync.wire", PURE_BASE),
                    Map.entry("tinysync.tree", Set.of("tinysync.content", "tinysync.merge")),
                    Map.entry("tinysync.content", Set.of()),
                    Map.entry("tinysync.merge", Set.of()),
                    Map.entry("tinysync.platform", Set.of()));

    private static final Set<String> PURE = and(PURE_BASE, "tinysync.client.engine", "tinysync.server.core");

    /** Classes of I/O, threads, clocks, chance and SQL. */
    private static final Pattern IMPURE =
            Pattern.compile(
                    "java\\.io\\.(?!Serializable$).*|java\\.nio\\.(file|channels)\\..*|java\\.net\\..*"
                        + "|javax?\\.sql\\..*|org\\.(sqlite|postgresql)\\..*|java\\.util\\.concurrent\\..*"
                        + "|java\\.lang\\.(Thread\\w*|Process\\w*|Runtime|foreign\\..*)|java\\.util\\.(Timer\\w*|logging\\..*)"
                        + "|java\\.time\\.Clock|java\\.security\\.SecureRandom|java\\.util\\.(Random|SplittableRandom)"
                        + "|java\\.util\\.random\\..*");

    /** Content is read from and written to streams that somebody else opened. */
    private static final Pattern STREAM = Pattern.compile("java\\.io\\.(?!File|RandomAccess|Console|Print).*");

    private static final Pattern TIME =
            Pattern.compile(
                    "java\\.time\\.(Instant|\\w+Date|\\w+Time|Year|YearMonth|MonthDay)\\.now\\(.*|java\\.time\\.Clock\\.(system|tick).*"
                        + "|java\\.lang\\.System\\.(nanoTime|currentTimeMillis)\\(.*|java\\.lang\\.Thread\\.sleep\\(.*"
                        + "|java\\.util\\.Date\\.<init>\\(\\)");

    private static final Pattern CHANCE =
            Pattern.compile(
                    "java\\.util\\.UUID\\.randomUUID\\(.*|java\\.lang\\.Math\\.random\\(.*|java\\.security\\.SecureRandom\\..*"
                        + "|java\\.util\\.(Random|SplittableRandom)\\.<init>\\(\\)|java\\.util\\.concurrent\\.ThreadLocalRandom\\..*"
                        + "|java\\.util\\.random\\.RandomGenerator\\.(of|getDefault)\\(.*|java\\.util\\.Collections\\.shuffle\\(Ljava/util/List;\\)");

    private static final String CLOCK = "tinysync.platform.SystemClock";
    private static final String DICE = "tinysync.platform.SystemRandom";

    private DependencyRules() {}

    /** Each breach in one class, as a sentence; none when it keeps the rules. */
    static List<String> breaches(ClassReferences type) {
        Optional<String> room = room(type.packageName());
        if (room.isEmpty()) {
            return List.of(type.name() + " is in a package that the table of rooms does not know");
        }
        List<String> found = new ArrayList<>(arrowBreaches(type, room.get()));
        if (PURE.contains(room.get())) {
            found.addAll(purityBreaches(type, room.get()));
        }
        found.addAll(uses(type, TIME, CLOCK));
        found.addAll(uses(type, CHANCE, DICE));
        return found;
    }

    private static List<String> arrowBreaches(ClassReferences type, String room) {
        return type.classes().stream()
                .filter(used -> used.startsWith("tinysync."))
                .filter(
                        used -> {
                            Optional<String> other = room(ClassReferences.packageOf(used));
                            return other.isEmpty()
                                    || !(other.get().equals(room) || ARROWS.get(room).contains(other.get()));
                        })
                .map(used -> type.name() + " may not use " + used)
                .toList();
    }

    private static List<String> purityBreaches(ClassReferences type, String room) {
        return type.classes().stream()
                .filter(used -> IMPURE.matcher(used).matches())
                .filter(used -> !(room.equals("tinysync.content") && STREAM.matcher(used).matches()))
                .map(used -> type.name() + " is pure and may not use " + used)
                .toList();
    }

    private static List<String> uses(ClassReferences type, Pattern members, String soleUser) {
        boolean allowed = type.name().equals(soleUser) || type.name().startsWith(soleUser + "$");
        return type.members().stream()
                .filter(member -> !allowed && members.matcher(member).matches())
                .map(member -> type.name() + " may not call " + member + ": only " + soleUser + " does")
                .toList();
    }

    private static Optional<String> room(String packageName) {
        return ARROWS.keySet().stream()
                // The root is no room for packages that nobody planned.
                .filter(
                        room ->
                                packageName.equals(room)
                                        || (!room.equals("tinysync") && packageName.startsWith(room + ".")))
                .max(Comparator.comparingInt(String::length));
    }

    private static Set<String> and(Set<String> some, String... more) {
        return Stream.concat(some.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
    }
}
