package tinysync.wire;

import com.eclipsesource.json.JsonValue;

import tinysync.content.Chunking;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * The frames that bundles are made of: {@code u32 big-endian length of type and body | u8 type | body}; type 1 is JSON,
 * 2 is JSON deflated with a zlib header (RFC 1950), 3 is raw content. No frame makes its reader hold more than {@value
 * #JSON_MAX} bytes of JSON or 64 KiB of content, and no length is believed before it is checked.
 */
final class Frames {
    static final int JSON_MAX = 1 << 20;

    static final int JSON = 1;
    static final int DEFLATED = 2;
    static final int RAW = 3;

    /** Below this, deflating costs more than it saves. */
    private static final int DEFLATE_FROM = 1_024;

    /** One frame as it came in. */
    sealed interface Frame {
        /** {@code bytes} of text, after inflating. */
        record Json(JsonValue value, int bytes) implements Frame {}

        record Raw(SmallContent content) implements Frame {}
    }

    private Frames() {}

    static void writeJson(OutputStream out, JsonValue value) throws IOException {
        byte[] text = StrictJson.utf8(value);
        if (text.length > JSON_MAX) {
            throw new IllegalArgumentException("a frame of " + text.length + " bytes of JSON");
        }
        byte[] deflated = text.length < DEFLATE_FROM ? text : deflate(text);
        if (deflated.length < text.length) {
            write(out, DEFLATED, deflated);
        } else {
            write(out, JSON, text);
        }
    }

    static void writeRaw(OutputStream out, SmallContent content) throws IOException {
        write(out, RAW, content.bytes());
    }

    /**
     * The next frame, or empty at the end of the stream.
     *
     * @throws TruncatedException when the stream ends inside a frame
     */
    static Optional<Frame> read(InputStream in) throws IOException {
        return read(in, JSON_MAX);
    }

    /** As {@link #read(InputStream)}, with JSON of at most {@code jsonMax} bytes, deflated or not. */
    static Optional<Frame> read(InputStream in, int jsonMax) throws IOException {
        byte[] head = in.readNBytes(Integer.BYTES + 1);
        if (head.length == 0) {
            return Optional.empty();
        }
        if (head.length < Integer.BYTES + 1) {
            throw new TruncatedException("the stream ended inside the head of a frame");
        }
        long length = Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt()) - 1;
        int type = head[Integer.BYTES];
        return Optional.of(
                switch (type) {
                    case JSON -> json(body(in, length, jsonMax), jsonMax);
                    case DEFLATED -> json(inflate(body(in, length, jsonMax), jsonMax), jsonMax);
                    case RAW -> new Frame.Raw(SmallContent.of(body(in, length, Chunking.INLINE_MAX)));
                    default -> throw Fields.badRequest("no such frame type: " + type);
                });
    }

    private static void write(OutputStream out, int type, byte[] body) throws IOException {
        out.write(ByteBuffer.allocate(Integer.BYTES + 1).putInt(body.length + 1).put((byte) type).array());
        out.write(body);
    }

    private static byte[] body(InputStream in, long length, int lengthMax) throws IOException {
        if (length < 0 || length > lengthMax) {
            throw new Refusal(ErrorCode.BODY_TOO_LARGE, "a frame body of " + length + " bytes");
        }
        byte[] body = in.readNBytes((int) length);
        if (body.length < length) {
            throw new TruncatedException("the stream ended inside a frame");
        }
        return body;
    }

    private static Frame json(byte[] text, int jsonMax) {
        return new Frame.Json(StrictJson.parse(text, jsonMax), text.length);
    }

    private static byte[] deflate(byte[] text) throws IOException {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
            out.write(text);
        }
        return deflated.toByteArray();
    }

    private static byte[] inflate(byte[] deflated, int jsonMax) throws IOException {
        ByteArrayInputStream source = new ByteArrayInputStream(deflated);
        try (Inflater inflater = new Inflater();
                InflaterInputStream in = new InflaterInputStream(source, inflater)) {
            // One byte more than allowed is enough for the parser to refuse it.
            byte[] text = in.readNBytes(jsonMax + 1);
            if (text.length <= jsonMax && inflater.getRemaining() + source.available() > 0) {
                throw StrictJson.badJson("something follows the deflated data of a frame");
            }
            return text;
        } catch (ZipException | EOFException malformed) {
            throw StrictJson.badJson("a frame is not deflated data");
        }
    }
}
