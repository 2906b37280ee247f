package tinysync.server.ws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import tinysync.server.RunningServer;
import tinysync.server.RunningServer.Device;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** RFC 6455 at the real listener, before and after authentication: what is sent, and all that comes back. */
class WakeConformanceTest {
    private static final byte[] GOODBYE = close(1000);
    private static final String NEWS = "{\"type\":\"of tomorrow\",\"x\":\"é€\uD83D\uDE00\"}";

    @TempDir static Path folder;
    private static RunningServer server;
    private static Device device;

    @BeforeAll
    static void start() throws Exception {
        server = RunningServer.start(folder.resolve("data"));
        device = server.join("laptop");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Bytes to send, and the frames that answer them; where the last is no close, the connection is still good. */
    private record Case(String name, byte[] bytes, List<String> answer) {}

    private static Case closed(String name, String close, byte[]... frames) {
        return new Case(name, joined(frames), List.of(close));
    }

    private static Case violation(String name, int code, byte[]... frames) {
        return closed(name, "close " + code, frames);
    }

    private static Case legal(String name, byte[]... frames) {
        return new Case(name, joined(frames), List.of());
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] frame(int first, String payload) {
        return WsFramesTest.frame(first, payload);
    }

    private static byte[] frame(int first, byte[] payload) {
        return WsFramesTest.frame(first, payload);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static byte[] close(int code) {
        return frame(0x88, ByteBuffer.allocate(2).putShort((short) code).array());
    }

    private static byte[] repeated(byte[] frame, int times) {
        ByteBuffer all = ByteBuffer.allocate(frame.length * times);
        for (int i = 0; i < times; i++) {
            all.put(frame);
        }
        return all.array();
    }

    private static List<Case> framing() {
        List<Case> cases = new ArrayList<>();
        cases.add(violation("not masked", 1002, hex("8102 6869")));
        for (int rsv = 1; rsv <= 7; rsv++) {
            cases.add(violation("reserved bits " + rsv, 1002, frame(0x81 | rsv << 4, "{}")));
        }
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            cases.add(violation("reserved opcode " + opcode, 1002, frame(0x80 | opcode, "")));
        }
        for (int opcode : new int[] {8, 9, 10}) {
            cases.add(violation("fragmented control " + opcode, 1002, frame(opcode, "")));
            cases.add(violation("control of 126 bytes " + opcode, 1002, frame(0x80 | opcode, "x".repeat(126))));
        }
        cases.add(violation("binary", 1003, frame(0x82, "x")));
        cases.add(violation("binary that is fragmented", 1003, frame(0x02, "x")));
        cases.add(violation("continuation of nothing", 1002, frame(0x80, "x")));
        cases.add(violation("continuation behind a whole text", 1002, frame(0x81, NEWS), frame(0x80, "x")));
        cases.add(violation("text inside a text", 1002, frame(0x01, "{"), frame(0x81, "}")));
        cases.add(violation("binary inside a text", 1003, frame(0x01, "{"), frame(0x82, "}")));
        cases.add(legal("whole text", frame(0x81, NEWS)));
        cases.add(legal("pong nobody asked for", frame(0x8a, "x")));
        return cases;
    }

    private static List<Case> lengths() {
        return List.of(
                violation("125 in 16 bits", 1002, hex("81fe 007d")),
                violation("0 in 16 bits", 1002, hex("81fe 0000")),
                violation("65,535 in 64 bits", 1002, hex("81ff 000000000000ffff")),
                violation("2^63", 1002, hex("81ff 8000000000000000")),
                violation("2^64 - 1", 1002, hex("81ff ffffffffffffffff")),
                violation("16 GiB", 1009, hex("81ff 0000000400000000")),
                violation("2^63 - 1", 1009, hex("81ff 7fffffffffffffff")),
                violation("4,097 bytes", 1009, frame(0x81, "x".repeat(4_097))),
                violation("4,097 in two pieces", 1009, frame(0x01, "x".repeat(4_096)), frame(0x80, "x")),
                violation("4,097 in bytes", 1009, frame(0x01, "x".repeat(4_000)), repeated(frame(0x00, "x"), 97)),
                legal("4,096 bytes", frame(0x81, padded(4_096))),
                legal("126 bytes", frame(0x81, padded(126))),
                legal("125 bytes", frame(0x81, padded(125))));
    }

    private static String padded(int length) {
        String text = "{\"type\":\"x\"}";
        return " ".repeat(length - text.length()) + text;
    }

    private static List<Case> fragments() {
        List<Case> cases = new ArrayList<>();
        byte[] text = NEWS.getBytes(UTF_8);
        for (int cut = 0; cut <= text.length; cut++) {
            cases.add(
                    legal(
                            "cut at " + cut,
                            frame(0x01, Arrays.copyOf(text, cut)),
                            frame(0x8a, "between"),
                            frame(0x80, Arrays.copyOfRange(text, cut, text.length))));
        }
        byte[][] bytes = new byte[text.length][];
        for (int i = 0; i < text.length; i++) {
            int first = i == 0 ? 0x01 : i == text.length - 1 ? 0x80 : 0x00;
            bytes[i] = frame(first, Arrays.copyOfRange(text, i, i + 1));
        }
        cases.add(legal("byte by byte", bytes));
        cases.add(legal("with empty pieces", frame(0x01, ""), frame(0x00, text), frame(0x80, "")));
        byte[] between = joined(frame(0x01, "{\"type\""), frame(0x89, "p"), frame(0x80, ":\"x\"}"));
        cases.add(new Case("ping between", between, List.of("pong p")));
        cases.add(closed("close between", "close 1000", frame(0x01, "{"), GOODBYE));
        return cases;
    }

    private static List<Case> text() {
        List<Case> cases = new ArrayList<>();
        for (String bad : List.of("ff", "c080", "eda080", "f4908080", "e282", "f09f98")) {
            cases.add(violation("not UTF-8: " + bad, 1007, frame(0x81, hex(bad))));
        }
        cases.add(violation("no text before its end", 1007, frame(0x01, hex("e2")), frame(0x00, hex("41"))));
        return cases;
    }

    private static List<Case> pings() {
        List<Case> cases = new ArrayList<>();
        for (int length : new int[] {0, 1, 125}) {
            String payload = "p".repeat(length);
            cases.add(new Case("ping of " + length, frame(0x89, payload), List.of("pong " + payload)));
        }
        return cases;
    }

    private static List<Case> closes() {
        List<Case> cases = new ArrayList<>();
        cases.add(closed("close without a code", "close", frame(0x88, "")));
        for (int code : new int[] {1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 3999, 4000, 4999}) {
            cases.add(closed("close " + code, "close " + code, close(code)));
        }
        for (int code : new int[] {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535}) {
            cases.add(violation("close " + code, 1002, close(code)));
        }
        cases.add(violation("close of one byte", 1002, frame(0x88, hex("03"))));
        cases.add(violation("close with a reason that is no text", 1007, frame(0x88, hex("03e8 ff"))));
        cases.add(violation("close with half a character", 1007, frame(0x88, hex("03e8 e282"))));
        byte[] reason = joined(hex("03e8"), "x".repeat(123).getBytes(UTF_8));
        cases.add(closed("close with a long reason", "close 1000", frame(0x88, reason)));
        cases.add(closed("behind a close", "close 1000", GOODBYE, frame(0x81, NEWS), frame(0x89, "late")));
        return cases;
    }

    private static List<Case> floods() {
        return List.of(
                violation("a million empty pieces", 1008, frame(0x01, ""), repeated(frame(0x00, ""), 1_000_000)),
                violation("a million pongs", 1008, repeated(frame(0x8a, ""), 1_000_000)),
                violation("a million pieces of a byte", 1008, frame(0x01, "{"), repeated(frame(0x00, " "), 1_000_000)),
                violation("a million texts", 1008, repeated(frame(0x81, NEWS), 1_000_000)));
    }

    @TestFactory
    Stream<DynamicTest> theProtocolIsKept() {
        return Stream.of(framing(), lengths(), fragments(), text(), pings(), closes(), floods())
                .flatMap(List::stream)
                .flatMap(
                        one ->
                                Stream.of(
                                        DynamicTest.dynamicTest(
                                                one.name() + ", of a stranger", () -> check(one, RawWake.open(server))),
                                        DynamicTest.dynamicTest(
                                                one.name() + ", of a device",
                                                () -> check(one, RawWake.authenticated(server, device)))));
    }

    private static void check(Case one, RawWake wake) throws IOException {
        try (wake) {
            try {
                wake.send(one.bytes());
            } catch (IOException closed) {
                // It did not wait for all of it; what it said before is still to be read.
                assertEquals(true, one.bytes().length > 1 << 20, closed.toString());
            }
            for (String frame : one.answer()) {
                assertEquals(frame, wake.next());
            }
            if (one.answer().isEmpty() || !one.answer().getLast().startsWith("close")) {
                wake.send(frame(0x89, "then"));
                assertEquals("pong then", wake.next());
                wake.send(GOODBYE);
                assertEquals("close 1000", wake.next());
            }
            assertEquals("end", wake.next());
        }
    }
}
