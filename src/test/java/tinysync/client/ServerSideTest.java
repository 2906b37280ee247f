package tinysync.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.platform.SystemClock;
import tinysync.platform.SystemRandom;
import tinysync.tree.DeviceId;
import tinysync.wire.DeviceToken;
import tinysync.wire.Me;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

class ServerSideTest {
    /** The discard port: nothing answers. */
    private static final URI NOBODY = URI.create("http://127.0.0.1:9");

    private static final int TIMES = 60;

    @TempDir Path temp;

    /** Keeps what is logged. */
    private static final class Log extends Handler implements AutoCloseable {
        private final Logger logger = Logger.getLogger("tinysync.client");
        private final Queue<String> warnings = new ConcurrentLinkedQueue<>();

        Log() {
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                warnings.add(record.getMessage());
            }
        }

        @Override
        public void flush() {
            // Nothing waits.
        }

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }

    /** Whom nothing concerns. */
    private static final class Deaf implements ServerSide.Listener {
        @Override
        public void learned(Me me) {
            // There is no server.
        }

        @Override
        public void renamed() {
            // Nor another device.
        }
    }

    private Home home() throws IOException {
        Home home = Home.open(temp.resolve("home"));
        home.save(
                new Identity(
                        new DeviceToken(new DeviceId(new UUID(1, 4)), "a".repeat(64)),
                        "laptop",
                        List.of(NOBODY),
                        Optional.empty(),
                        new UUID(1, 5),
                        Optional.empty(),
                        Optional.empty(),
                        List.of()));
        return home;
    }

    @Test
    void closingNeverBreaksOffTheWritingOfTheIdentityAndLeavesTheHomeAlone() throws IOException {
        Home home = home();
        Identity identity = home.identities().getFirst();
        try (Log log = new Log()) {
            for (int i = 0; i < TIMES; i++) {
                ServerSide side =
                        new ServerSide(
                                home.account(new UUID(1, 5)),
                                identity,
                                new SystemRandom(),
                                new SystemClock(),
                                new Deaf(),
                                new Signal());
                side.start();
                side.close();
                Identity left = home.identities().getFirst();
                Thread.yield();
                assertEquals(left, home.identities().getFirst());
            }
            assertEquals(List.of(), List.copyOf(log.warnings));
        }
    }
}
