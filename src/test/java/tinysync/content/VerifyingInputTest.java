package tinysync.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

class VerifyingInputTest {

    private static final byte[] GOOD = "content".getBytes(US_ASCII);
    private static final byte[] WRONG = "Content".getBytes(US_ASCII);

    @Test
    void goodBytesPass() throws IOException {
        try (InputStream in = verifying(GOOD, GOOD.length)) {
            assertArrayEquals(GOOD, in.readAllBytes());
            assertEquals(-1, in.read());
        }
    }

    @Test
    void contentOfNoBytesPasses() throws IOException {
        try (InputStream in = new VerifyingInput(InputStream.nullInputStream(), ContentRef.EMPTY.id(), 0)) {
            assertEquals(-1, in.read());
        }
    }

    @Test
    void wrongBytesAreNoticedBeforeTheLastIsHandedOut() throws IOException {
        try (InputStream in = verifying(WRONG, WRONG.length)) {
            assertArrayEquals("Conten".getBytes(US_ASCII), in.readNBytes(WRONG.length - 1));
            assertThrows(CorruptContentException.class, in::read);
        }
    }

    @Test
    void truncatedBytesAreNoticed() throws IOException {
        try (InputStream in = verifying("conten".getBytes(US_ASCII), GOOD.length)) {
            assertThrows(CorruptContentException.class, in::readAllBytes);
        }
    }

    @Test
    void bytesBeyondTheSizeAreNoticed() throws IOException {
        try (InputStream in = verifying("content!".getBytes(US_ASCII), GOOD.length)) {
            assertThrows(CorruptContentException.class, in::readAllBytes);
        }
    }

    @Test
    void bytesBeyondTheSizeAreNoticedAlsoAfterTheGoodOnes() throws IOException {
        try (InputStream in = verifying("content!".getBytes(US_ASCII), GOOD.length)) {
            assertArrayEquals(GOOD, in.readNBytes(GOOD.length));
            assertThrows(CorruptContentException.class, in::read);
        }
    }

    @Test
    void skippedBytesAreVerifiedToo() throws IOException {
        try (InputStream in = verifying(WRONG, WRONG.length)) {
            assertThrows(CorruptContentException.class, () -> in.skipNBytes(WRONG.length));
        }
    }

    private static InputStream verifying(byte[] actual, long size) {
        return new VerifyingInput(new ByteArrayInputStream(actual), Hash.of(GOOD), size);
    }
}
