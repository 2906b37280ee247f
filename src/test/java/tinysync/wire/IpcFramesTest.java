package tinysync.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.Test;

import tinysync.wire.IpcProtocolException.Fault;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

class IpcFramesTest {
    private static final JsonObject STATUS = new JsonObject().add("id", 7).add("op", "status");

    private static Fault fault(byte[] bytes) {
        return assertThrows(IpcProtocolException.class, () -> IpcFrames.read(new ByteArrayInputStream(bytes))).fault();
    }

    private static byte[] frame(int length, String json) {
        byte[] text = json.getBytes(UTF_8);
        return ByteBuffer.allocate(4 + text.length).putInt(length).put(text).array();
    }

    @Test
    void framesWithAndWithoutBytesFollowEachOther() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        IpcFrames.write(out, STATUS);
        IpcFrames.write(out, STATUS, ByteBuffer.wrap("hello".getBytes(UTF_8)));
        IpcFrames.write(out, STATUS);
        ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
        assertEquals(STATUS, IpcFrames.read(in).orElseThrow().json());
        IpcFrame second = IpcFrames.read(in).orElseThrow();
        assertEquals(5, second.json().getInt("bytes", 0));
        assertArrayEquals("hello".getBytes(UTF_8), second.payload());
        assertEquals(0, IpcFrames.read(in).orElseThrow().payload().length);
        assertTrue(IpcFrames.read(in).isEmpty());
    }

    @Test
    void lengthsOutsideTheRulesAreRefusedBeforeAnythingIsRead() {
        assertEquals(Fault.BAD_LENGTH, fault(frame(0, "")));
        assertEquals(Fault.BAD_LENGTH, fault(frame((1 << 20) + 1, "{}")));
        assertEquals(Fault.BAD_LENGTH, fault(frame(-1, "{}")));
        assertEquals(Fault.BAD_LENGTH, fault(frame(17, "{\"bytes\":1048577}")));
        assertEquals(Fault.BAD_LENGTH, fault(frame(12, "{\"bytes\":-1}")));
    }

    @Test
    void whatIsNoObjectIsRefused() {
        assertEquals(Fault.BAD_JSON, fault(frame(2, "[]")));
        assertEquals(Fault.BAD_JSON, fault(frame(2, "{x")));
    }

    @Test
    void aFrameThatIsCutAnywhereIsTruncated() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        IpcFrames.write(out, STATUS, ByteBuffer.wrap("hello".getBytes(UTF_8)));
        for (int length = 1; length < out.size(); length++) {
            byte[] cut = Arrays.copyOf(out.toByteArray(), length);
            assertEquals(Fault.TRUNCATED, fault(cut), "cut at " + length);
        }
    }
}
