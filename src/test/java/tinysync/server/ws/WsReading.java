package tinysync.server.ws;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;

/** Reads any bytes as the WebSocket frames of a client, for tests elsewhere. */
public final class WsReading {
    private static final int TEXT_MAX = 4 << 10;

    private WsReading() {}

    /** To the end, or to the first breach of the protocol; a text that is too long for its bound is an error. */
    public static void readAll(byte[] bytes) throws IOException {
        WsFrames.Reader reader = new WsFrames.Reader(new ByteArrayInputStream(bytes), TEXT_MAX, () -> {});
        try {
            while (true) {
                if (reader.next() instanceof WsFrames.Message.Text(String text) && text.length() > TEXT_MAX) {
                    throw new IllegalStateException("a text of " + text.length());
                }
            }
        } catch (EOFException end) {
            return;
        } catch (WsFrames.Violation broken) {
            if (broken.code() < WsFrames.CLOSE_PROTOCOL || broken.code() > WsFrames.CLOSE_TOO_BIG) {
                throw new IllegalStateException("closed with " + broken.code(), broken);
            }
        }
    }
}
