package tinysync.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class HostPortTest {
    @Test
    void anIpv6AddressStandsInBrackets() {
        assertEquals(Optional.of(new HostPort("127.0.0.1", 8460)), HostPort.tryParse("127.0.0.1:8460"));
        assertEquals(Optional.of(new HostPort("::1", 0)), HostPort.tryParse("[::1]:0"));
        assertEquals("[::1]:80", new HostPort("::1", 80).toString());
    }

    @Test
    void anythingElseIsNoPlaceToListen() {
        for (String text : List.of("", "host", ":80", "::1:80", "host:65536", "host:-1", "host:x", "[]:80")) {
            assertEquals(Optional.empty(), HostPort.tryParse(text), text);
        }
    }
}
