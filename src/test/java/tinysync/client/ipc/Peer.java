package tinysync.client.ipc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;

import tinysync.wire.IpcFrames;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A peer that speaks frames, or anything else. */
final class Peer implements AutoCloseable {
    private final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    private final InputStream in;
    private final OutputStream out;

    Peer(Path socket) throws IOException {
        channel.connect(UnixDomainSocketAddress.of(socket));
        in = Channels.newInputStream(channel);
        out = Channels.newOutputStream(channel);
    }

    void say(String json) throws IOException {
        IpcFrames.write(out, Json.parse(json).asObject());
    }

    void raw(int length, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(ByteBuffer.allocate(4 + bytes.length).putInt(length).put(bytes).array());
    }

    JsonObject hear() throws IOException {
        return IpcFrames.read(in).orElseThrow().json();
    }

    /** Returns once the server has closed, whatever it still says. */
    void awaitEnd() {
        try {
            in.readAllBytes();
        } catch (IOException reset) {
            assertTrue(channel.isConnected(), reset::getMessage);
        }
    }

    /** Also a reset is an end. */
    boolean isClosed() {
        try {
            return in.read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
