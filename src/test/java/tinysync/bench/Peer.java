package tinysync.bench;

import java.io.IOException;
import java.nio.file.Path;

/** A program that makes folder B like folder A. */
interface Peer extends AutoCloseable {
    /** What is kept alike: A is written to, B is looked at. */
    record Sides(Path a, Path b) {}

    String name();

    /** Starts it on two empty folders, up to the point where it is at rest; {@code work} is for what it keeps. */
    void start(Sides sides, Path work) throws IOException, InterruptedException;

    /** Called once after something was put into A; programs that watch need do nothing. */
    default void changed() throws IOException, InterruptedException {}

    @Override
    void close();
}
