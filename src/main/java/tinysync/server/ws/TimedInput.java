package tinysync.server.ws;

import tinysync.platform.SystemClock;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Reads a socket under a time limit that dribbling bytes do not extend, or, later, one on silence. For one thread. */
final class TimedInput extends InputStream {
    private final Socket socket;
    private final InputStream in;
    private final SystemClock clock;
    private long deadline;
    private boolean byDeadline;

    TimedInput(Socket socket, SystemClock clock) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.clock = clock;
    }

    /** From now on all reading is to be done within {@code limit}; later it throws SocketTimeoutException. */
    void within(Duration limit) {
        deadline = clock.monotonicNanos() + limit.toNanos();
        byDeadline = true;
    }

    /** From now on each wait for a byte ends after {@code limit} with SocketTimeoutException. */
    void eachWithin(Duration limit) throws IOException {
        byDeadline = false;
        socket.setSoTimeout(Math.toIntExact(Math.max(1, limit.toMillis())));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (byDeadline) {
            long left = (deadline - clock.monotonicNanos()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("not in time");
            }
            socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
        }
        return in.read(buffer, offset, length);
    }
}
