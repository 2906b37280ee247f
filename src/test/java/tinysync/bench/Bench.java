package tinysync.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Measures TinySync (A to server to B, durable) beside syncthing (A to B) and unison (A to B, never durable),
 * interleaved, and prints medians and ratios. Environment: {@code EXCLUDE} names programs to leave out, {@code RUNS}
 * how often (3).
 */
public final class Bench {
    private static final List<Supplier<Peer>> PEERS = List.of(TinySyncPeer::new, SyncthingPeer::new, UnisonPeer::new);

    private Bench() {}

    /**
     * Measures, prints, ends; with 1 when a program is missing.
     *
     * @param arguments none
     * @throws IOException when a program fails, or shows other bytes than it was given
     * @throws InterruptedException never in practice
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Set<String> excluded = Set.of(environment("EXCLUDE", "").split("[ ,]+"));
        int runs = Integer.parseInt(environment("RUNS", "3"));
        List<Supplier<Peer>> peers = new ArrayList<>();
        for (Supplier<Peer> peer : PEERS) {
            String name = peer.get().name();
            if (excluded.contains(name)) {
                System.out.println("left out: " + name);
            } else if (name.equals("tinysync") || Processes.isInstalled(name)) {
                peers.add(peer);
            } else {
                System.err.println(name + " is not installed: install it, or leave it out with EXCLUDE=" + name);
                System.exit(1);
            }
        }
        Path base = Files.createTempDirectory("tinysync-bench");
        try {
            for (Workload workload : Workload.values()) {
                print(workload, measure(workload, peers, runs, base));
            }
        } finally {
            delete(base);
        }
    }

    private static String environment(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isBlank() ? otherwise : value;
    }

    private static Map<String, Map<String, List<Double>>> measure(
            Workload workload, List<Supplier<Peer>> peers, int runs, Path base)
            throws IOException, InterruptedException {
        Path data = Files.createDirectories(base.resolve("data"));
        Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();
        for (int run = 0; run < runs; run++) {
            for (Supplier<Peer> make : peers) {
                Path folder = base.resolve("run");
                Peer.Sides sides =
                        new Peer.Sides(
                                Files.createDirectories(folder.resolve("a")),
                                Files.createDirectories(folder.resolve("b")));
                try (Peer peer = make.get()) {
                    peer.start(sides, Files.createDirectories(folder.resolve("work")));
                    workload.measure(peer, sides, data)
                            .forEach(
                                    (figure, seconds) ->
                                            figures.computeIfAbsent(figure, f -> new LinkedHashMap<>())
                                                    .computeIfAbsent(peer.name(), p -> new ArrayList<>())
                                                    .add(seconds));
                }
                delete(folder);
            }
        }
        return new TreeMap<>(figures);
    }

    private static void print(Workload workload, Map<String, Map<String, List<Double>>> figures) {
        figures.forEach(
                (figure, byPeer) -> {
                    System.out.println();
                    System.out.println(workload.title + ", " + figure + ":");
                    double ours = median(byPeer.getOrDefault("tinysync", List.of()));
                    byPeer.forEach(
                            (peer, times) ->
                                    System.out.printf(
                                            "  %-10s %9.3f s  (%s)%s%n",
                                            peer,
                                            median(times),
                                            times.stream()
                                                    .map("%.3f"::formatted)
                                                    .reduce((x, y) -> x + " " + y)
                                                    .orElse(""),
                                            peer.equals("tinysync")
                                                    ? ""
                                                    : "  tinysync takes %.2f of it".formatted(ours / median(times))));
                });
    }

    private static double median(List<Double> times) {
        return times.isEmpty() ? Double.NaN : times.stream().sorted().toList().get(times.size() / 2);
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
