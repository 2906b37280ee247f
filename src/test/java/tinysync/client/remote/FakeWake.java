package tinysync.client.remote;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** The server's end of one WebSocket (RFC 6455), driven line by line by a test. Text is at most 65,535 bytes. */
public final class FakeWake implements AutoCloseable {
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int LAST = 0x80;

    private final ServerSocket listener;
    private Socket socket = new Socket();

    public FakeWake() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    public URI address() {
        return URI.create("ws://127.0.0.1:" + listener.getLocalPort() + "/v1/wake");
    }

    /** Takes a connection and answers its handshake; {@code protocol} may be empty. */
    public void accept(String protocol) throws IOException {
        socket = listener.accept();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String key = "";
        for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
            if (line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18)) {
                key = line.substring(18).strip();
            }
        }
        String chosen = protocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + protocol + "\r\n";
        write(
                ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + chosen
                                + "Sec-WebSocket-Accept: "
                                + accepted(key)
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    public String readText() throws IOException {
        return new String(read(TEXT), StandardCharsets.UTF_8);
    }

    void awaitPong() throws IOException {
        read(PONG);
    }

    void answerPing() throws IOException {
        read(PING);
        frame(LAST | PONG, new byte[0]);
    }

    public void text(String text) throws IOException {
        frame(LAST | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The text in two fragments. */
    void textInTwo(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        frame(TEXT, Arrays.copyOf(bytes, 5));
        frame(LAST, Arrays.copyOfRange(bytes, 5, bytes.length));
    }

    void binary() throws IOException {
        frame(LAST | BINARY, new byte[3]);
    }

    void ping() throws IOException {
        frame(LAST | PING, new byte[0]);
    }

    void bye(int code) throws IOException {
        frame(LAST | CLOSE, ByteBuffer.allocate(2).putShort((short) code).array());
    }

    @Override
    public void close() throws IOException {
        socket.close();
        listener.close();
    }

    private byte[] read(int opcode) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte() & 0x7f;
            length = length == 126 ? in.readUnsignedShort() : length;
            byte[] mask = in.readNBytes(4);
            byte[] payload = in.readNBytes(length);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i % 4];
            }
            if ((first & 0x0f) == opcode) {
                return payload;
            }
        }
    }

    private void frame(int first, byte[] payload) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        if (payload.length < 126) {
            out.write(payload.length);
        } else {
            out.write(126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        }
        out.write(payload);
        write(out.toByteArray());
    }

    private void write(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    private static String accepted(String key) {
        try {
            byte[] joined = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(joined));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
