package tinysync.server.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/** Targets of symbolic links as text and as bytes, without replacing what is not well formed. */
final class Targets {
    private Targets() {}

    static Optional<String> decode(Bytes bytes) {
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toArray())).toString());
        } catch (CharacterCodingException malformed) {
            return Optional.empty();
        }
    }

    static Optional<Bytes> encode(String target) {
        try {
            ByteBuffer buffer = UTF_8.newEncoder().encode(CharBuffer.wrap(target));
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return Optional.of(Bytes.of(bytes));
        } catch (CharacterCodingException malformed) {
            return Optional.empty();
        }
    }
}
