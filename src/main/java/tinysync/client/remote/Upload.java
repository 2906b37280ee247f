package tinysync.client.remote;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** A request body that tells how far it got, so that a slow upload can be told from a dead one. */
final class Upload {
    private static final int PIECE = 64 << 10;

    private final BodyPublisher publisher;
    private final AtomicLong progress;

    private Upload(BodyPublisher publisher, AtomicLong progress) {
        this.publisher = publisher;
        this.progress = progress;
    }

    static Upload none() {
        return new Upload(BodyPublishers.noBody(), new AtomicLong());
    }

    /** The remaining bytes of {@code body}, which must not change until the call is over. */
    static Upload of(ByteBuffer body, Traffic traffic) {
        int length = body.remaining();
        if (length == 0) {
            return none();
        }
        AtomicLong progress = new AtomicLong();
        Iterable<byte[]> pieces = () -> counted(pieces(body.duplicate()), progress, traffic);
        return new Upload(BodyPublishers.fromPublisher(BodyPublishers.ofByteArrays(pieces), length), progress);
    }

    /** Pieces that are made as the network takes them; the length is not known before. */
    static Upload of(Iterable<byte[]> pieces, Traffic traffic) {
        AtomicLong progress = new AtomicLong();
        Iterable<byte[]> counted = () -> counted(pieces.iterator(), progress, traffic);
        return new Upload(BodyPublishers.ofByteArrays(counted), progress);
    }

    BodyPublisher publisher() {
        return publisher;
    }

    /** Grows with each piece that is taken. */
    long progress() {
        return progress.get();
    }

    private static Iterator<byte[]> pieces(ByteBuffer body) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return body.hasRemaining();
            }

            @Override
            public byte[] next() {
                if (!body.hasRemaining()) {
                    throw new NoSuchElementException();
                }
                byte[] piece = new byte[Math.min(PIECE, body.remaining())];
                body.get(piece);
                return piece;
            }
        };
    }

    private static Iterator<byte[]> counted(Iterator<byte[]> pieces, AtomicLong progress, Traffic traffic) {
        Objects.requireNonNull(traffic);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return pieces.hasNext();
            }

            @Override
            public byte[] next() {
                byte[] piece = pieces.next();
                traffic.up(piece.length);
                progress.addAndGet(piece.length);
                return piece;
            }
        };
    }
}
