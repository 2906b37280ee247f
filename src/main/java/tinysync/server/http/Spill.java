package tinysync.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Keeps what is written until it can be sent: a little in memory, the rest in a file. For one thread. */
final class Spill extends OutputStream {
    private static final int MEMORY_MAX = 1 << 20;

    private final Path folder;
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private Optional<Path> file = Optional.empty();
    private OutputStream overflow = OutputStream.nullOutputStream();

    Spill(Path folder) {
        this.folder = folder;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        if (file.isEmpty() && memory.size() + length > MEMORY_MAX) {
            file = Optional.of(Files.createTempFile(folder, "answer", ".part"));
            overflow = Files.newOutputStream(file.get());
        }
        (file.isEmpty() ? memory : overflow).write(buffer, offset, length);
    }

    /** Sends all of it. */
    void copyTo(OutputStream out) throws IOException {
        memory.writeTo(out);
        overflow.flush();
        if (file.isPresent()) {
            Files.copy(file.get(), out);
        }
    }

    /** Forgets it. */
    @Override
    public void close() throws IOException {
        overflow.close();
        if (file.isPresent()) {
            Files.deleteIfExists(file.get());
        }
    }
}
