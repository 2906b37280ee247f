package tinysync.server.ws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;

class HandshakeTest {
    private static final String GOOD =
            "GET /v1/wake HTTP/1.1\r\nHost: drive:1\r\nUpgrade: websocket\r\n"
                    + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: other, tinysync.v1\r\n\r\n";

    private static void check(String status, String head) {
        Handshake.Answer answer = Handshake.answer(head);
        assertTrue(answer.head().startsWith("HTTP/1.1 " + status + " "), head + answer.head());
        assertEquals(status.equals("101"), answer.open());
    }

    @Test
    void aGoodRequestIsAnsweredWithTheProofOfTheRfc() {
        check("101", GOOD);
        String head = Handshake.answer(GOOD).head();
        assertTrue(head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), head);
        assertTrue(head.contains("Sec-WebSocket-Protocol: tinysync.v1\r\n"), head);
    }

    @Test
    void whatIsNoWebSocketIsToldWhatIs() {
        check("426", GOOD.replace("Upgrade: websocket\r\n", ""));
        check("426", GOOD.replace("Version: 13", "Version: 8"));
        check("405", GOOD.replace("GET", "POST"));
        check("404", GOOD.replace("/v1/wake", "/v1/wake?token=x"));
        check("400", GOOD.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"));
        check("400", GOOD.replace("tinysync.v1", "tinysync.v2"));
        check("400", GOOD.replace("Host: drive:1\r\n", ""));
        check("400", GOOD.replace("Host: drive:1", "Host: drive:1\r\nHost: other"));
        check("400", GOOD.replace("HTTP/1.1", "HTTP/1.0"));
        check("400", GOOD.replace("Host: drive:1", "Host: drive:1\r\n folded"));
        check("426", GOOD.replace("Sec-WebSocket-Version: 13\r\n", ""));
        check("426", GOOD.replace("keep-alive, Upgrade", "keep-alive"));
        check("400", GOOD.replace("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""));
        check("400", GOOD.replace("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ" + "AA=="));
        check("400", GOOD.replace("dGhlIHNhbXBsZSBub25jZQ==", "!".repeat(24)));
        check("400", GOOD.replace("HTTP/1.1", "HTTP/2.0"));
        check("400", GOOD.replace("HTTP/1.1", "HTTP/1.1 x"));
        check("400", GOOD.replace("GET /v1/wake", "GET  /v1/wake"));
        check("404", GOOD.replace("/v1/wake", "/v1/wake/"));
        check("404", GOOD.replace("/v1/wake", "/v1/wakeup"));
        check("404", GOOD.replace("/v1/wake", "/"));
        check("404", GOOD.replace("/v1/wake", "http://drive:1/v1/wake"));
        check("404", GOOD.replace("/v1/wake", "x\n/v1/wake"));
        check("404", GOOD.replace("/v1/wake", "/v1/wake#token"));
        check("405", GOOD.replace("GET", "CONNECT"));
    }

    @Test
    void whatCouldBeReadInTwoWaysIsRefused() {
        for (String line :
                List.of(
                        "Host: other",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                        "Sec-WebSocket-Version: 13",
                        "Content-Length: 5",
                        "Transfer-Encoding: chunked",
                        "Bad Name: x",
                        "Space : x",
                        ": x",
                        "no colon",
                        "X: a\rb",
                        "X: a\nb",
                        "X: a\0b")) {
            check("400", GOOD.replace("Upgrade: websocket", line + "\r\nUpgrade: websocket"));
        }
        check("400", GOOD.replace("Host: drive:1", "Host: "));
        check("400", GOOD.replace("Host: drive:1", "Host: a b"));
        check("400", GOOD.replace("Host: drive:1", "Host: user@drive"));
    }

    @Test
    void whatMeansTheSameIsTheSame() {
        check("101", GOOD.replace("Upgrade: websocket", "UPGRADE:WebSocket"));
        check("101", GOOD.replace("keep-alive, Upgrade", "keep-alive\r\nConnection: upgrade"));
        check("101", GOOD.replace("other, tinysync.v1", "other\r\nSec-WebSocket-Protocol: tinysync.v1"));
        check("101", GOOD.replace("Sec-WebSocket-Protocol: other, tinysync.v1\r\n", ""));
        check("101", GOOD.replace("/v1/wake", "/sync/v1/wake"));
        check("101", GOOD.replace("Upgrade: websocket", "Content-Length: 0\r\nUpgrade: websocket"));
        String two = "Sec-WebSocket-Extensions: a\r\nSec-WebSocket-Extensions: b\r\n";
        check("101", GOOD.replace("Upgrade: websocket", two + "Upgrade: websocket"));
    }

    @Test
    void lineEndsAloneAreNoRequest() {
        check("400", "\r\n\r\n");
    }

    @Test
    void aPageOfAnotherSiteCannotConnect() {
        check("403", GOOD.replace("Host: drive:1\r\n", "Host: drive:1\r\nOrigin: https://evil.example\r\n"));
        check("403", GOOD.replace("Host: drive:1\r\n", "Host: drive:1\r\nOrigin: null\r\n"));
        check("403", GOOD.replace("Host: drive:1\r\n", "Host: drive:1\r\nOrigin: https://drive.evil.example\r\n"));
        check("403", GOOD.replace("Host: drive:1\r\n", "Host: drive:1\r\nOrigin: \r\n"));
        check("400", GOOD.replace("Host: drive:1\r\n", "Host: drive:1\r\nOrigin: http://drive\r\nOrigin: null\r\n"));
        check("101", GOOD.replace("Host: drive:1\r\n", "Host: drive:1\r\nOrigin: http://drive:1\r\n"));
        check("101", GOOD.replace("Host: drive:1\r\n", "Host: [::1]:1\r\nOrigin: http://[::1]:8460\r\n"));
    }

    /** The pages of a server and its wake socket have different ports. */
    @Test
    void aPageOfTheSameHostCanConnectFromAnotherPort() {
        check("101", GOOD.replace("Host: drive:1\r\n", "Host: drive:1\r\nOrigin: http://DRIVE:8460\r\n"));
        check("101", GOOD.replace("Host: drive:1\r\n", "Host: drive:1\r\nOrigin: https://drive\r\n"));
    }
}
