package tinysync.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The kept inputs, each as it is and cut short anywhere, and what a fuzzer begins with: without the fuzzer. */
class CorpusTest {
    private static final int CUTS = 50;

    @TestFactory
    Stream<DynamicTest> everyKeptInputIsReadOrRefused() {
        return Arrays.stream(Target.values())
                .map(target -> DynamicTest.dynamicTest(target.word(), () -> check(target)));
    }

    private static void check(Target target) throws IOException {
        List<Path> inputs = inputs(target);
        assertTrue(!inputs.isEmpty(), "nothing is kept for " + target.word());
        for (Path input : inputs) {
            byte[] bytes = Files.readAllBytes(input);
            target.accept(bytes);
            for (int i = 0; i < CUTS; i++) {
                target.accept(Arrays.copyOf(bytes, bytes.length * i / CUTS));
            }
        }
        target.accept(new byte[0]);
        target.accept(new byte[] {0});
    }

    private static List<Path> inputs(Target target) throws IOException {
        try (Stream<Path> files = Files.list(target.corpus())) {
            return files.sorted().toList();
        }
    }
}
