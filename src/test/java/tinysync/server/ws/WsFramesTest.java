package tinysync.server.ws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import tinysync.server.ws.WsFrames.Message;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

class WsFramesTest {
    private static final int TEXT_MAX = 1_000;

    /** A frame as a client sends it: first byte, payload, masked. */
    static byte[] frame(int first, byte[] payload) {
        byte[] mask = {1, 2, 3, 4};
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        if (payload.length <= 125) {
            frame.write(0x80 | payload.length);
        } else {
            frame.write(0x80 | 126);
            frame.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
        }
        frame.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ mask[i % 4]);
        }
        return frame.toByteArray();
    }

    static byte[] frame(int first, String text) {
        return frame(first, text.getBytes(UTF_8));
    }

    private static WsFrames.Reader reader(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return new WsFrames.Reader(new ByteArrayInputStream(all.toByteArray()), TEXT_MAX, () -> {});
    }

    private static void checkViolation(int code, byte[]... frames) {
        WsFrames.Reader reader = reader(frames);
        WsFrames.Violation violation =
                assertThrows(
                        WsFrames.Violation.class,
                        () -> {
                            while (true) {
                                reader.next();
                            }
                        });
        assertEquals(code, violation.code(), violation.getMessage());
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    @Test
    void textComesWholeOrInPiecesWithPingsBetween() throws IOException {
        WsFrames.Reader reader =
                reader(
                        frame(0x81, "one"),
                        frame(0x01, "tw"),
                        frame(0x89, "p"),
                        frame(0x00, ""),
                        frame(0x80, "o"),
                        frame(0x8a, ""));
        assertEquals(new Message.Text("one"), reader.next());
        assertEquals(new Message.Ping(ByteBuffer.wrap(new byte[] {'p'})), reader.next());
        assertEquals(new Message.Text("two"), reader.next());
        assertEquals(new Message.Pong(), reader.next());
        assertThrows(EOFException.class, reader::next);
    }

    @Test
    void aCloseMayHaveACode() throws IOException {
        assertEquals(new Message.Close(WsFrames.NO_STATUS), reader(frame(0x88, "")).next());
        assertEquals(new Message.Close(1000), reader(frame(0x88, hex("03e8"))).next());
        assertEquals(new Message.Close(4000), reader(frame(0x88, hex("0fa0 62 79 65"))).next());
    }

    @Test
    void theProtocolIsKeptStrictly() {
        checkViolation(1002, hex("8100"));
        checkViolation(1002, frame(0xc1, "x"));
        checkViolation(1002, frame(0x83, "x"));
        checkViolation(1002, frame(0x8b, "x"));
        checkViolation(1002, frame(0x09, "x"));
        checkViolation(1002, hex("89fe 0080"));
        checkViolation(1002, frame(0x80, "x"));
        checkViolation(1002, frame(0x01, "x"), frame(0x81, "y"));
        checkViolation(1002, frame(0x88, hex("03")));
        checkViolation(1002, frame(0x88, hex("03e7")));
        checkViolation(1002, frame(0x88, hex("03ed")));
        checkViolation(1002, hex("81fe 0001"));
        checkViolation(1002, hex("81ff ffffffffffffffff"));
    }

    @Test
    void whatIsNotTextIsRefused() {
        checkViolation(1003, frame(0x82, "x"));
        checkViolation(1007, frame(0x81, hex("ff")));
        checkViolation(1007, frame(0x88, hex("03e8 ff")));
    }

    @Test
    void noLengthIsBelievedBeforeItIsChecked() {
        checkViolation(1009, hex("81ff 0000000400000000"));
        checkViolation(1009, frame(0x81, "x".repeat(TEXT_MAX + 1)));
        checkViolation(1009, frame(0x01, "x".repeat(TEXT_MAX)), frame(0x80, "x"));
    }

    /** Also such frames as make no message by themselves: a peer that sends only those is to be noticed. */
    @Test
    void eachFrameIsCounted() throws IOException {
        List<Integer> counted = new ArrayList<>();
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (byte[] frame : List.of(frame(0x01, ""), frame(0x00, ""), frame(0x89, ""), frame(0x80, "x"))) {
            frames.writeBytes(frame);
        }
        WsFrames.Reader reader =
                new WsFrames.Reader(
                        new ByteArrayInputStream(frames.toByteArray()), TEXT_MAX, () -> counted.add(counted.size()));
        reader.next();
        assertEquals(List.of(0, 1, 2), counted);
        reader.next();
        assertEquals(List.of(0, 1, 2, 3), counted);
    }

    @Test
    void aTextMayBeCutAnywhereAndPingsMayComeBetween() throws IOException {
        byte[] text = "aé€\uD83D\uDE00b".getBytes(UTF_8);
        for (int first = 0; first <= text.length; first++) {
            for (int second = first; second <= text.length; second++) {
                WsFrames.Reader reader =
                        reader(
                                frame(0x01, Arrays.copyOf(text, first)),
                                frame(0x89, "1"),
                                frame(0x00, Arrays.copyOfRange(text, first, second)),
                                frame(0x8a, "2"),
                                frame(0x80, Arrays.copyOfRange(text, second, text.length)));
                assertEquals(new Message.Ping(ByteBuffer.wrap(new byte[] {'1'})), reader.next());
                assertEquals(new Message.Pong(), reader.next());
                assertEquals(new Message.Text("aé€\uD83D\uDE00b"), reader.next(), first + " " + second);
            }
        }
    }

    /** None of these texts is ended, and no frame follows: what cannot become text is not waited for. */
    @Test
    void whatCanBecomeNoTextIsNoticedBeforeItsEnd() {
        List<String> malformed =
                List.of(
                        "80",
                        "61bf",
                        "c080",
                        "c1bf",
                        "c328",
                        "e08080",
                        "e28041",
                        "e282ff",
                        "eda080",
                        "edbfbf",
                        "f0808080",
                        "f09f41",
                        "f09f98c3",
                        "f4908080",
                        "f5",
                        "f880808080",
                        "fe",
                        "ff");
        for (String hex : malformed) {
            byte[] bytes = hex(hex);
            checkViolation(1007, frame(0x01, bytes));
            for (int cut = 1; cut < bytes.length; cut++) {
                checkViolation(
                        1007,
                        frame(0x01, Arrays.copyOf(bytes, cut)),
                        frame(0x00, Arrays.copyOfRange(bytes, cut, bytes.length)));
            }
        }
        checkViolation(1007, frame(0x81, hex("61c3")));
        checkViolation(1007, frame(0x01, hex("f09f98")), frame(0x80, ""));
    }

    @Test
    void whatIsSentIsNotMaskedAndAsShortAsItCanBe() {
        assertEquals("8102 6869", spaced(WsFrames.text("hi")));
        assertEquals("817e 0080", spaced(WsFrames.text("x".repeat(128))).substring(0, 9));
        assertEquals("8900 ", spaced(WsFrames.ping()));
        assertEquals("8802 03f4", spaced(WsFrames.close(1012, "")));
        assertEquals("8800 ", spaced(WsFrames.close(WsFrames.NO_STATUS, "")));
    }

    private static String spaced(byte[] frame) {
        String hex = HexFormat.of().formatHex(frame);
        return hex.substring(0, 4) + " " + hex.substring(4);
    }
}
