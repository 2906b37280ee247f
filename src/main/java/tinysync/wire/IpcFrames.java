package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import tinysync.wire.IpcProtocolException.Fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Frames between command line and daemon: {@code u32} big-endian length (1 to {@value #JSON_MAX}), one JSON object, and
 * where that has {@code "bytes":N}, N raw bytes (at most {@value #PAYLOAD_MAX}). Closes nothing.
 */
public final class IpcFrames {
    public static final int JSON_MAX = 1 << 20;
    public static final int PAYLOAD_MAX = 1 << 20;

    private static final String BYTES = "bytes";

    private IpcFrames() {}

    /**
     * The next frame, or empty when the other side has closed between two of them.
     *
     * @throws IpcProtocolException when a rule is broken; nothing more can be read then
     */
    public static Optional<IpcFrame> read(InputStream in) throws IOException {
        byte[] head = in.readNBytes(Integer.BYTES);
        if (head.length == 0) {
            return Optional.empty();
        }
        if (head.length < Integer.BYTES) {
            throw truncated();
        }
        long length = Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt());
        if (length < 1 || length > JSON_MAX) {
            throw new IpcProtocolException(Fault.BAD_LENGTH, "a frame of " + length + " bytes");
        }
        JsonObject json = parse(exactly(in, (int) length));
        return Optional.of(new IpcFrame(json, exactly(in, payloadLength(json))));
    }

    /** Writes one frame and flushes; {@code json} must not say {@code "bytes"}. */
    public static void write(OutputStream out, JsonObject json) throws IOException {
        if (json.get(BYTES) != null) {
            throw new IllegalArgumentException("'bytes' announces a payload");
        }
        writeFrame(out, json, ByteBuffer.allocate(0));
    }

    /** Writes one frame with the remaining bytes of {@code payload}, which it announces by itself, and flushes. */
    public static void write(OutputStream out, JsonObject json, ByteBuffer payload) throws IOException {
        if (payload.remaining() > PAYLOAD_MAX) {
            throw new IllegalArgumentException("a payload of " + payload.remaining() + " bytes");
        }
        writeFrame(out, new JsonObject(json).set(BYTES, payload.remaining()), payload);
    }

    private static void writeFrame(OutputStream out, JsonObject json, ByteBuffer payload) throws IOException {
        byte[] text = StrictJson.utf8(json);
        if (text.length > JSON_MAX) {
            throw new IllegalArgumentException("a frame of " + text.length + " bytes of JSON");
        }
        // One write per frame, so that a frame never waits for the acknowledgement of half of itself.
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + text.length + payload.remaining());
        frame.putInt(text.length).put(text).put(payload.duplicate());
        out.write(frame.array());
        out.flush();
    }

    private static JsonObject parse(byte[] text) throws IpcProtocolException {
        try {
            return StrictJson.parseObject(text, JSON_MAX);
        } catch (Refusal refusal) {
            throw new IpcProtocolException(Fault.BAD_JSON, refusal.getMessage());
        }
    }

    private static int payloadLength(JsonObject json) throws IpcProtocolException {
        try {
            return Fields.of(json).optWhole(BYTES, 0, PAYLOAD_MAX).orElse(0L).intValue();
        } catch (Refusal refusal) {
            throw new IpcProtocolException(Fault.BAD_LENGTH, refusal.getMessage());
        }
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw truncated();
        }
        return bytes;
    }

    private static IpcProtocolException truncated() {
        return new IpcProtocolException(Fault.TRUNCATED, "the connection ended inside a frame");
    }
}
