package tinysync.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ProcessImageTest {
    @Test
    void theNewProgramHasTheProcessIdAndNothingElseOfTheOld() throws Exception {
        Process child = ChildJvm.start("replace", "ä");
        List<String> lines = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, child.waitFor());
        assertEquals(4, lines.size(), lines.toString());
        assertEquals(Long.toString(child.pid()), lines.get(0));
        assertEquals("ä", lines.get(1), "the argument passed through a process whose locale cannot express it");
        assertEquals("é=1", lines.get(2));
        assertEquals("4", lines.get(3), "the standard streams, and the folder that is being listed");
    }

    @Test
    void noSignalIsBlockedInTheNewProgram() throws Exception {
        String blocked =
                ChildJvm.run("status").lines().filter(line -> line.startsWith("SigBlk:")).findFirst().orElseThrow();
        assertTrue(blocked.matches("SigBlk:\\s*0+"), blocked);
    }

    @Test
    void itComesBackWithTheReasonWhenThereIsNoSuchProgram() {
        FsException thrown =
                assertThrows(
                        FsException.class, () -> ProcessImage.replace(Path.of("/nonexistent"), List.of("x"), Map.of()));
        assertEquals(Errno.ENOENT, thrown.errno());
        assertTrue(ProcessImage.supported());
    }

    @Test
    void theEnvironmentIsTheOneItWasStartedWith() throws Exception {
        assertEquals(System.getenv("PATH"), ProcessImage.environment().get("PATH"));
        assertTrue(ProcessImage.arguments().getFirst().contains("java"));
    }
}
