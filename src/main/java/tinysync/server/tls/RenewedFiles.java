package tinysync.server.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The key in two PEM files, looked at again now and then: whoever renews them need not restart the server. Thread-safe.
 */
final class RenewedFiles implements Supplier<KeyPair> {
    /** Renewals come once in months; this only keeps a storm of connections from looking each time. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger("tinysync.server");

    private final Path certificate;
    private final Path key;
    private final LongSupplier nanos;
    private KeyPair pair;
    private List<Stamp> read;
    private long lookedNanos;

    /** What tells that a file may be another one. */
    private record Stamp(FileTime modified, long size, Optional<Object> identity) {
        private static final Stamp ABSENT = new Stamp(FileTime.fromMillis(0), -1, Optional.empty());

        static Stamp of(Path file) throws IOException {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(now.lastModifiedTime(), now.size(), Optional.ofNullable(now.fileKey()));
            } catch (NoSuchFileException gone) {
                return ABSENT;
            }
        }
    }

    /**
     * @param nanos a clock that never goes back
     * @throws IOException when the files cannot be used as they are now
     */
    RenewedFiles(Path certificate, Path key, LongSupplier nanos) throws IOException {
        this.certificate = Objects.requireNonNull(certificate);
        this.key = Objects.requireNonNull(key);
        this.nanos = Objects.requireNonNull(nanos);
        // First, so that a file that is replaced while it is read is read again.
        read = stamps();
        pair = PemFiles.read(certificate, key);
        lookedNanos = nanos.getAsLong();
    }

    @Override
    public synchronized KeyPair get() {
        long now = nanos.getAsLong();
        if (now - lookedNanos >= LOOK_AGAIN.toNanos()) {
            lookedNanos = now;
            look();
        }
        return pair;
    }

    /** Files that are just being written do not fit together yet; they are read again until they do. */
    private void look() {
        try {
            List<Stamp> seen = stamps();
            if (!seen.equals(read)) {
                pair = PemFiles.read(certificate, key);
                read = seen;
                LOG.log(System.Logger.Level.INFO, "the certificate was renewed from {0}", certificate);
            }
        } catch (IOException unusable) {
            LOG.log(System.Logger.Level.WARNING, "the old certificate stays: {0}", unusable.getMessage());
        }
    }

    private List<Stamp> stamps() throws IOException {
        return List.of(Stamp.of(certificate), Stamp.of(key));
    }
}
