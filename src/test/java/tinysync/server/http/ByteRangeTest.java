package tinysync.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import tinysync.server.http.ByteRange.Asked;

import java.util.Optional;

class ByteRangeTest {
    private static void check(String header, Asked expected) {
        assertEquals(expected, ByteRange.parse(Optional.of(header), 100), header);
    }

    private static Asked part(long offset, long length) {
        return new Asked.Part(new ByteRange(offset, length));
    }

    @Test
    void oneRangeIsCutToTheContent() {
        check("bytes=0-0", part(0, 1));
        check("bytes=10-19", part(10, 10));
        check("bytes=90-", part(90, 10));
        check("bytes=90-1000", part(90, 10));
        check("bytes=-5", part(95, 5));
        check("bytes=-500", part(0, 100));
    }

    @Test
    void aRangeBehindTheEndCannotBeSatisfied() {
        check("bytes=100-", new Asked.Outside());
        check("bytes=-0", new Asked.Outside());
    }

    @Test
    void whatIsNotOneRangeIsIgnored() {
        check("bytes=0-1,2-3", new Asked.Whole());
        check("bytes=5-4", new Asked.Whole());
        check("bytes=-", new Asked.Whole());
        check("lines=0-1", new Asked.Whole());
        check("bytes=99999999999999999999-", new Asked.Whole());
        assertEquals(new Asked.Whole(), ByteRange.parse(Optional.empty(), 100));
    }
}
