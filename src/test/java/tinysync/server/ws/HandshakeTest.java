package tinysync.server.ws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

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
    }

    @Test
    void lineEndsAloneAreNoRequest() {
        check("400", "\r\n\r\n");
    }

    @Test
    void aPageOfAnotherSiteCannotConnect() {
        check("403", GOOD.replace("Host: drive:1\r\n", "Host: drive:1\r\nOrigin: https://evil.example\r\n"));
        check("403", GOOD.replace("Host: drive:1\r\n", "Host: drive:1\r\nOrigin: null\r\n"));
        check("101", GOOD.replace("Host: drive:1\r\n", "Host: drive:1\r\nOrigin: http://drive:1\r\n"));
    }
}
