package tinysync.platform;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Names between Java and the disk: UTF-8 in both directions, whatever the locale of the process is. */
final class Names {
    private Names() {}

    /** The bytes of a single component, or {@link Errno#EINVAL}. */
    static byte[] single(String name) throws FsException {
        if (!isComponent(name, 0, name.length())) {
            throw new FsException(Errno.EINVAL, "use '" + name + "' as a name");
        }
        return text(name);
    }

    /** The bytes of components joined by slashes, or {@link Errno#EINVAL}; empty for the empty path. */
    static byte[] path(String path) throws FsException {
        int start = 0;
        while (start < path.length() || start > 0) {
            int slash = path.indexOf('/', start);
            if (!isComponent(path, start, slash < 0 ? path.length() : slash)) {
                throw new FsException(Errno.EINVAL, "use '" + path + "' as a path");
            }
            if (slash < 0) {
                break;
            }
            start = slash + 1;
        }
        return text(path);
    }

    private static boolean isComponent(String text, int start, int end) {
        int slash = text.indexOf('/', start);
        boolean dots =
                text.startsWith(".", start) && (end - start == 1 || (end - start == 2 && text.charAt(end - 1) == '.'));
        return end > start && !dots && (slash < 0 || slash >= end);
    }

    /** The bytes of any text that the kernel takes, or {@link Errno#EINVAL} when no such bytes exist. */
    static byte[] text(String text) throws FsException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        // An unpaired surrogate has become a question mark, which would name another file.
        if (text.indexOf('\0') >= 0 || !new String(utf8, StandardCharsets.UTF_8).equals(text)) {
            throw new FsException(Errno.EINVAL, "express '" + text.replace('\0', '?') + "' in UTF-8 without NUL");
        }
        return utf8;
    }

    /** Empty unless the bytes are valid UTF-8. */
    static Optional<String> decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        // Malformed input always leaves a replacement character; only then is a closer look due.
        boolean valid = text.indexOf('\uFFFD') < 0 || Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes);
        return valid ? Optional.of(text) : Optional.empty();
    }

    /** For people: what is valid UTF-8 as it is, every other byte as {@code \xHH}. */
    static String shown(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        CharBuffer valid = CharBuffer.allocate(bytes.length);
        StringBuilder shown = new StringBuilder();
        while (true) {
            CoderResult result = decoder.decode(rest, valid, true);
            shown.append(valid.flip());
            valid.clear();
            if (result.isUnderflow()) {
                return shown.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                shown.append("\\x").append(HexFormat.of().toHexDigits(rest.get()));
            }
            decoder.reset();
        }
    }
}
