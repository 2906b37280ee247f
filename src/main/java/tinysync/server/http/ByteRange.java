package tinysync.server.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A part of some content: {@code length} bytes from {@code offset}. */
record ByteRange(long offset, long length) {
    private static final Pattern SINGLE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    /** What a {@code Range} header asks for (RFC 9110, 14.2). */
    sealed interface Asked {
        /** No range, or one that a server may ignore: several at once, other units, nonsense. */
        record Whole() implements Asked {}

        record Part(ByteRange range) implements Asked {}

        /** Nothing of it lies inside the content. */
        record Outside() implements Asked {}
    }

    static Asked parse(Optional<String> header, long size) {
        Matcher matcher = SINGLE.matcher(header.orElse(""));
        if (!matcher.matches()) {
            return new Asked.Whole();
        }
        String first = matcher.group(1);
        String last = matcher.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? new Asked.Whole() : suffix(Long.parseLong(last), size);
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last);
        if (to < from) {
            return new Asked.Whole();
        }
        if (from >= size) {
            return new Asked.Outside();
        }
        return new Asked.Part(new ByteRange(from, Math.min(to, size - 1) - from + 1));
    }

    private static Asked suffix(long length, long size) {
        if (length == 0 || size == 0) {
            return new Asked.Outside();
        }
        long kept = Math.min(length, size);
        return new Asked.Part(new ByteRange(size - kept, kept));
    }

    /** The value of {@code Content-Range}. */
    String header(long size) {
        return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
    }
}
