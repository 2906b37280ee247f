package tinysync.server.ws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;
import java.util.Objects;

/**
 * Frames of RFC 6455 as a server reads and writes them. Reading gives whole messages: text of at most a given length,
 * pings, pongs, closes. What breaks the protocol throws {@link Violation} with the code to close with; no length is
 * believed before it is checked, and at most one message is held.
 */
final class WsFrames {
    static final int CLOSE_NORMAL = 1000;
    static final int CLOSE_PROTOCOL = 1002;
    static final int CLOSE_UNSUPPORTED = 1003;
    static final int CLOSE_NOT_UTF8 = 1007;
    static final int CLOSE_POLICY = 1008;
    static final int CLOSE_TOO_BIG = 1009;

    /** What a peer sends when its close has no code; it is never written (RFC 6455, 7.4.1). */
    static final int NO_STATUS = 1005;

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private static final int FIN = 0x80;
    private static final int RESERVED = 0x70;
    private static final int MASKED = 0x80;
    private static final int CONTROL_MAX = 125;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int MASK_BYTES = 4;

    private WsFrames() {}

    /** A whole message. */
    sealed interface Message {
        record Text(String text) implements Message {}

        /** At most 125 bytes, to be sent back as they are. */
        record Ping(ByteBuffer payload) implements Message {}

        record Pong() implements Message {}

        /** {@code code} is {@link #NO_STATUS} where there was none. */
        record Close(int code) implements Message {}
    }

    /** The peer broke the protocol, and is to be closed with this code. */
    static final class Violation extends IOException {
        private static final long serialVersionUID = 1L;
        private final int code;

        Violation(int code, String message) {
            super(message);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    static byte[] text(String text) {
        return frame(TEXT, text.getBytes(UTF_8));
    }

    static byte[] ping() {
        return frame(PING, new byte[0]);
    }

    static byte[] pong(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return frame(PONG, bytes);
    }

    /** {@code reason} is cut to what a close frame can hold; it must be ASCII. */
    static byte[] close(int code, String reason) {
        if (code == NO_STATUS) {
            return frame(CLOSE, new byte[0]);
        }
        byte[] words = reason.getBytes(UTF_8);
        byte[] cut = Arrays.copyOf(words, Math.min(words.length, CONTROL_MAX - Short.BYTES));
        return frame(CLOSE, ByteBuffer.allocate(Short.BYTES + cut.length).putShort((short) code).put(cut).array());
    }

    /** A server does not mask what it sends. */
    private static byte[] frame(int opcode, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(2 + Long.BYTES + payload.length);
        frame.put((byte) (FIN | opcode));
        if (payload.length <= CONTROL_MAX) {
            frame.put((byte) payload.length);
        } else if (payload.length <= 0xffff) {
            frame.put((byte) LENGTH_16).putShort((short) payload.length);
        } else {
            frame.put((byte) LENGTH_64).putLong(payload.length);
        }
        frame.put(payload);
        return Arrays.copyOf(frame.array(), frame.position());
    }

    /** Is told of each frame when it begins: messages alone do not show how much a peer sends. */
    interface Meter {
        /**
         * @throws Violation to end the connection
         */
        void frame() throws Violation;
    }

    /** Reads what a client sends. For one thread. */
    static final class Reader {
        private final DataInputStream in;
        private final int textBytesMax;
        private final Meter meter;
        private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
        private boolean begun;

        Reader(InputStream in, int textBytesMax, Meter meter) {
            this.in = new DataInputStream(Objects.requireNonNull(in));
            this.textBytesMax = textBytesMax;
            this.meter = Objects.requireNonNull(meter);
        }

        /**
         * Waits for the next message. Control messages may come between the pieces of a text.
         *
         * @throws EOFException when the stream ends
         */
        Message next() throws IOException {
            while (true) {
                int first = in.readUnsignedByte();
                meter.frame();
                int opcode = first & 0xf;
                boolean fin = (first & FIN) != 0;
                check((first & RESERVED) == 0, CLOSE_PROTOCOL, "reserved bits");
                int second = in.readUnsignedByte();
                check((second & MASKED) != 0, CLOSE_PROTOCOL, "a client masks its frames");
                long length = length(second & ~MASKED);
                switch (opcode) {
                    case TEXT, CONTINUATION -> {
                        addPiece(opcode, length);
                        String text = decoded(gathered.toByteArray(), 0, fin);
                        begun = !fin;
                        if (fin) {
                            gathered.reset();
                            return new Message.Text(text);
                        }
                    }
                    case BINARY -> throw new Violation(CLOSE_UNSUPPORTED, "binary messages are not understood");
                    case CLOSE, PING, PONG -> {
                        check(fin && length <= CONTROL_MAX, CLOSE_PROTOCOL, "a control frame is short and whole");
                        return control(opcode, payload((int) length));
                    }
                    default -> throw new Violation(CLOSE_PROTOCOL, "reserved opcode");
                }
            }
        }

        private long length(int seven) throws IOException {
            if (seven == LENGTH_16) {
                int length = in.readUnsignedShort();
                check(length > CONTROL_MAX, CLOSE_PROTOCOL, "a length is written as short as it can be");
                return length;
            }
            if (seven == LENGTH_64) {
                long length = in.readLong();
                check(length > 0xffff, CLOSE_PROTOCOL, "a length is written as short as it can be");
                return length;
            }
            return seven;
        }

        private void addPiece(int opcode, long length) throws IOException {
            check(begun == (opcode == CONTINUATION), CLOSE_PROTOCOL, "a message inside or without another");
            check(gathered.size() + length <= textBytesMax, CLOSE_TOO_BIG, "a message is too long");
            gathered.write(payload((int) length));
        }

        private byte[] payload(int length) throws IOException {
            byte[] mask = new byte[MASK_BYTES];
            in.readFully(mask);
            byte[] payload = new byte[length];
            in.readFully(payload);
            for (int i = 0; i < length; i++) {
                payload[i] ^= mask[i % MASK_BYTES];
            }
            return payload;
        }

        private static Message control(int opcode, byte[] payload) throws Violation {
            return switch (opcode) {
                case PING -> new Message.Ping(ByteBuffer.wrap(payload).asReadOnlyBuffer());
                case PONG -> new Message.Pong();
                default -> close(payload);
            };
        }

        private static Message close(byte[] payload) throws Violation {
            if (payload.length == 0) {
                return new Message.Close(NO_STATUS);
            }
            check(payload.length >= Short.BYTES, CLOSE_PROTOCOL, "half a close code");
            int code = Short.toUnsignedInt(ByteBuffer.wrap(payload).getShort());
            boolean ours = code >= 1000 && code <= 1014 && code != 1004 && code != NO_STATUS && code != 1006;
            check(ours || code >= 3000 && code <= 4999, CLOSE_PROTOCOL, "no such close code");
            decoded(payload, Short.BYTES, true);
            return new Message.Close(code);
        }

        /** What is no text, however it goes on, is refused; only {@code whole} text may not end inside a character. */
        private static String decoded(byte[] bytes, int from, boolean whole) throws Violation {
            CharBuffer text = CharBuffer.allocate(bytes.length);
            boolean malformed =
                    UTF_8.newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(bytes, from, bytes.length - from), text, whole)
                            .isError();
            check(!malformed, CLOSE_NOT_UTF8, "not UTF-8");
            return text.flip().toString();
        }

        private static void check(boolean good, int code, String problem) throws Violation {
            if (!good) {
                throw new Violation(code, problem);
            }
        }
    }
}
