package tinysync.bench;

import java.io.IOException;
import java.nio.file.Path;

/** A program that makes folder B like folder A. */
interface Peer extends AutoCloseable {
    String name();

    /** Starts it on two empty folders, up to the point where it is at rest. */
    void start(Path base) throws IOException, InterruptedException;

    Path a();

    Path b();

    /** Called once after something was put into A; programs that watch need do nothing. */
    default void changed() throws IOException, InterruptedException {}

    @Override
    void close();
}
