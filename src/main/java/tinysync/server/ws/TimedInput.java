package tinysync.server.ws;

import tinysync.platform.SystemClock;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Reads a socket under a time limit that dribbling bytes do not extend. For one thread. */
final class TimedInput extends InputStream {
    private final Socket socket;
    private final InputStream in;
    private final SystemClock clock;
    private long deadline;

    TimedInput(Socket socket, SystemClock clock) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.clock = clock;
    }

    /** From now on all reading is to be done within {@code limit}; later it throws SocketTimeoutException. */
    void within(Duration limit) {
        deadline = clock.monotonicNanos() + limit.toNanos();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        long left = (deadline - clock.monotonicNanos()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("not in time");
        }
        socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
        return in.read(buffer, offset, length);
    }
}
