package tinysync.server.ws;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import tinysync.server.RunningServer;
import tinysync.server.RunningServer.Device;
import tinysync.server.tls.Handshakes;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A client of the wake socket that sends whatever bytes it is told to, and says plainly what comes back. */
final class RawWake implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final DataInputStream in;

    RawWake(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** A connection on which nothing was said. */
    static RawWake connect(RunningServer server) throws IOException {
        boolean tls = server.server().wakeUrl().getScheme().equals("wss");
        return new RawWake(tls ? overTls(server) : plain(server));
    }

    /** Below TLS, where the server speaks it. */
    static RawWake connectPlain(RunningServer server) throws IOException {
        return new RawWake(plain(server));
    }

    private static Socket plain(RunningServer server) throws IOException {
        Socket socket = new Socket();
        // Before connecting: a small window is agreed upon at the start only.
        socket.setReceiveBufferSize(4 << 10);
        socket.connect(new InetSocketAddress("127.0.0.1", server.server().wakeUrl().getPort()));
        return socket;
    }

    private static Socket overTls(RunningServer server) throws IOException {
        return Handshakes.trusting().getSocketFactory().createSocket(plain(server), "127.0.0.1", 0, true);
    }

    /** A connection whose handshake is done. */
    static RawWake open(RunningServer server) throws IOException {
        RawWake wake = connect(server);
        wake.send(request());
        String answer = wake.head();
        if (!answer.startsWith("HTTP/1.1 101 ")) {
            throw new IOException(answer);
        }
        return wake;
    }

    /** A connection of a device, on which {@code ready} and the head of its one vault have come. */
    static RawWake authenticated(RunningServer server, Device device) throws IOException {
        RawWake wake = open(server);
        wake.send(WsFramesTest.frame(0x81, auth(server, device)));
        String ready = wake.next();
        String head = wake.next();
        if (!ready.contains("ready") || !head.contains("head")) {
            throw new IOException(ready + head);
        }
        return wake;
    }

    static String auth(RunningServer server, Device device) {
        return "{\"type\":\"auth\",\"token\":\"%s\",\"instance\":\"%s\"}"
                .formatted(device.token().format(), server.id());
    }

    static String request() {
        return "GET /v1/wake HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    }

    void send(String text) throws IOException {
        send(text.getBytes(US_ASCII));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Everything up to an empty line. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    /** The next frame as {@code text …}, {@code ping …}, {@code pong …} or {@code close CODE}, or {@code end}. */
    String next() throws IOException {
        try {
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            byte[] payload = new byte[length == 126 ? in.readUnsignedShort() : length];
            in.readFully(payload);
            return switch (first) {
                case 0x81 -> "text " + new String(payload, UTF_8);
                case 0x88 -> "close" + (length < 2 ? "" : " " + ByteBuffer.wrap(payload).getShort());
                case 0x89 -> "ping " + new String(payload, UTF_8);
                case 0x8a -> "pong " + new String(payload, UTF_8);
                default -> throw new IOException("no frame of a server: " + first);
            };
        } catch (EOFException end) {
            return "end";
        }
    }

    /** All frames until the connection ends; {@code cut} stands for an end that was none of the protocol. */
    List<String> toEnd() {
        List<String> frames = new ArrayList<>();
        try {
            String frame = next();
            while (!frame.equals("end")) {
                frames.add(frame);
                frame = next();
            }
            frames.add("end");
        } catch (IOException cut) {
            frames.add("cut");
        }
        return frames;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
