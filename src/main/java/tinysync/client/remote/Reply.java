package tinysync.client.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;

/** A 2xx answer whose body is still to be read. Closing it lets go of the connection. */
record Reply(int status, HttpHeaders headers, InputStream body) implements AutoCloseable {
    static final int NO_CONTENT = 204;

    /** What {@code reader} makes of a reply; its exceptions are sorted by {@link HttpLink}. */
    @FunctionalInterface
    interface Reader<T> {
        T read(Reply reply) throws IOException, RemoteException;
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException unreleased) {
            throw new UncheckedIOException(unreleased);
        }
    }
}
