package tinysync.server.http;

import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/** The bodies of one exchange, under its {@link Pace}. */
final class PacedStreams {
    private static final int WRITE_BYTES = 16 << 10;

    private PacedStreams() {}

    /** Reads at most {@code max} bytes; more are refused with {@code body_too_large}. */
    static final class Input extends FilterInputStream {
        private final Pace pace;
        private final long max;
        private final LongConsumer counter;
        private long count;
        private boolean ended;
        private boolean abandoned;

        Input(InputStream in, Pace pace, long max, LongConsumer counter) {
            super(in);
            this.pace = pace;
            this.max = max;
            this.counter = counter;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int got = ended ? -1 : receive(buffer, offset, length);
            if (got < 0) {
                ended = true;
                return -1;
            }
            count += got;
            counter.accept(got);
            if (count > max) {
                throw new Refusal(ErrorCode.BODY_TOO_LARGE, "a request body has at most " + max + " bytes");
            }
            return got;
        }

        private int receive(byte[] buffer, int offset, int length) throws IOException {
            try {
                return pace.transfer(() -> in.read(buffer, offset, length));
            } catch (IndexOutOfBoundsException e) {
                // The JDK takes the size of a chunk for a number of 32 bits with a sign.
                throw new IOException("a chunk of no possible size", e);
            }
        }

        /** What is left is not worth reading; the connection is to be closed instead. */
        void abandon() {
            abandoned = true;
        }

        /** Reads what is left, so that the peer is free to read the answer; false when that is too much. */
        boolean drain() throws IOException {
            byte[] rest = new byte[WRITE_BYTES];
            while (count <= max && !ended && !abandoned) {
                int got = receive(rest, 0, rest.length);
                ended = got < 0;
                count += Math.max(0, got);
            }
            return ended && !abandoned;
        }

        @Override
        public long skip(long n) throws IOException {
            throw new IOException("a request body is read, not skipped");
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        /** The exchange closes what it opened. */
        @Override
        public void close() {
            ended = true;
        }
    }

    /** Writes in pieces, so that a slow but honest reader is seen to move. */
    static final class Output extends FilterOutputStream {
        private final Pace pace;
        private final LongConsumer counter;

        Output(OutputStream out, Pace pace, LongConsumer counter) {
            super(out);
            this.pace = pace;
            this.counter = counter;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            int done = 0;
            while (done < length) {
                int from = offset + done;
                int piece = Math.min(WRITE_BYTES, length - done);
                done +=
                        pace.transfer(
                                () -> {
                                    out.write(buffer, from, piece);
                                    return piece;
                                });
                counter.accept(piece);
            }
        }

        @Override
        public void flush() throws IOException {
            pace.transfer(
                    () -> {
                        out.flush();
                        return 0;
                    });
        }

        @Override
        public void close() throws IOException {
            pace.transfer(
                    () -> {
                        out.close();
                        return 0;
                    });
        }
    }
}
