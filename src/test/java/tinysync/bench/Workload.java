package tinysync.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** One thing that is measured: seconds by name, for a program that is at rest. */
enum Workload {
    SMALL_FILES("2,000 files of 4 KB in 20 folders") {
        @Override
        Map<String, Double> measure(Peer peer, Peer.Sides sides, Path data) throws IOException, InterruptedException {
            Path prepared = data.resolve("small");
            if (!Files.exists(prepared)) {
                for (int n = 0; n < 2_000; n++) {
                    write(prepared.resolve("folder " + n % 20).resolve("file " + n + ".bin"), 4_096, n);
                }
            }
            long start = System.nanoTime();
            copy(prepared, sides.a().resolve("small"));
            peer.changed();
            Path target = sides.b().resolve("small");
            Processes.await("2,000 files", () -> count(target) == 2_000);
            return Map.of("all visible on B", seconds(start));
        }
    },
    LARGE_FILE("one file of 1 GiB") {
        @Override
        Map<String, Double> measure(Peer peer, Peer.Sides sides, Path data) throws IOException, InterruptedException {
            Path prepared = data.resolve("large.bin");
            if (!Files.exists(prepared)) {
                write(prepared, 1L << 30, 1);
            }
            long start = System.nanoTime();
            Files.copy(prepared, sides.a().resolve("large.bin"));
            peer.changed();
            Path target = sides.b().resolve("large.bin");
            Processes.await("1 GiB", () -> size(target) == 1L << 30);
            double taken = seconds(start);
            if (Files.mismatch(prepared, target) != -1) {
                throw new IOException(peer.name() + " showed other bytes");
            }
            return Map.of("visible on B", taken);
        }
    },
    ONE_SAVE("latency of one save of 10 KB, 100 times") {
        @Override
        Map<String, Double> measure(Peer peer, Peer.Sides sides, Path data) throws IOException, InterruptedException {
            List<Double> times = new ArrayList<>();
            for (int n = 0; n < 100; n++) {
                byte[] bytes = new byte[10_000];
                new Random(n).nextBytes(bytes);
                Path target = sides.b().resolve("save " + n);
                long start = System.nanoTime();
                Files.write(sides.a().resolve("save " + n), bytes);
                peer.changed();
                Processes.await("a save", () -> size(target) == bytes.length);
                times.add(seconds(start));
            }
            times.sort(Double::compare);
            return Map.of("p50", times.get(49), "p99", times.get(98));
        }
    };

    final String title;

    Workload(String title) {
        this.title = title;
    }

    abstract Map<String, Double> measure(Peer peer, Peer.Sides sides, Path data)
            throws IOException, InterruptedException;

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void write(Path file, long size, long seed) throws IOException {
        Files.createDirectories(file.getParent());
        Random random = new Random(seed);
        byte[] block = new byte[(int) Math.min(size, 1 << 20)];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = size; left > 0; left -= block.length) {
                random.nextBytes(block);
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException absent) {
            return -1;
        }
    }

    /** Files that are there whole; what a program keeps beside them while it works does not count. */
    private static long count(Path root) {
        if (!Files.exists(root)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(p -> p.getFileName().toString().startsWith("file ") && size(p) == 4_096).count();
        } catch (UncheckedIOException | IOException whileItChanges) {
            return 0;
        }
    }
}
