package tinysync.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A client that somebody else wrote, with the connections that it has opened. */
interface Peer extends AutoCloseable {

    /** Each that is tried. */
    enum Kind {
        WS {
            @Override
            Optional<String> missing() {
                return ProcessPeer.missing(ProcessPeer.NODE);
            }

            @Override
            Peer open(Path folder, List<Connection> connections) throws IOException {
                return ProcessPeer.start(folder, ProcessPeer.NODE, "wake_client.js", connections);
            }
        },
        WEBSOCKETS {
            @Override
            Optional<String> missing() {
                return ProcessPeer.missing(ProcessPeer.PYTHON);
            }

            @Override
            Peer open(Path folder, List<Connection> connections) throws IOException {
                return ProcessPeer.start(folder, ProcessPeer.PYTHON, "wake_client.py", connections);
            }
        },
        CHROMIUM {
            @Override
            Optional<String> missing() {
                return Chromium.missing();
            }

            @Override
            Peer open(Path folder, List<Connection> connections) throws IOException {
                return Chromium.open(folder, connections);
            }
        },
        JDK {
            @Override
            Optional<String> missing() {
                return Optional.empty();
            }

            @Override
            Peer open(Path folder, List<Connection> connections) {
                return JdkPeer.open(connections);
            }
        };

        /** What has to be installed first; empty where nothing has to. */
        abstract Optional<String> missing();

        /**
         * Opens all of them.
         *
         * @param folder for what the peer keeps; empty, and its alone
         */
        abstract Peer open(Path folder, List<Connection> connections) throws IOException;
    }

    Transcript said();

    @Override
    void close();
}
