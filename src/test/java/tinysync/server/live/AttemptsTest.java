package tinysync.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

class AttemptsTest {
    private static final int AT_ONCE = 3;
    private static final Duration EACH = Duration.ofSeconds(10);
    private static final Origin HERE = new Origin("here");
    private static final Origin THERE = new Origin("there");

    private final Metrics metrics = new Metrics();
    private long now = 5;
    private final Attempts attempts = new Attempts(new AttemptLimit(AT_ONCE, EACH), () -> now, metrics);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private ErrorCode refused(Origin origin, String shown, ErrorCode code) {
        Refusal refusal =
                assertThrows(
                        Refusal.class,
                        () ->
                                attempts.guard(
                                        origin,
                                        shown,
                                        () -> {
                                            throw new Refusal(code, "no");
                                        }));
        return refusal.code();
    }

    private ErrorCode wrong(Origin origin) {
        return refused(origin, "wrong", ErrorCode.UNAUTHENTICATED);
    }

    private String right(Origin origin, String shown) {
        try {
            return attempts.guard(origin, shown, () -> "in");
        } catch (Refusal refusal) {
            return refusal.code().wire();
        }
    }

    private void useUp(Origin origin) {
        for (int i = 0; i < AT_ONCE; i++) {
            assertEquals(ErrorCode.UNAUTHENTICATED, wrong(origin));
        }
        assertEquals(ErrorCode.RATE_LIMITED, wrong(origin));
    }

    @Test
    void afterSoManyFailuresNothingIsLookedAtUntilTimeHasPassed() {
        useUp(HERE);
        assertEquals("rate_limited", right(HERE, "token"), "a guess that is right is not told from a wrong one");
        assertEquals(EACH, attempts.patience(HERE));
        pass(EACH.minusNanos(1));
        assertEquals(Duration.ofNanos(1), attempts.patience(HERE));
        assertEquals("rate_limited", right(HERE, "token"));
        pass(Duration.ofNanos(1));
        assertEquals(ErrorCode.UNAUTHENTICATED, wrong(HERE));
        assertEquals(ErrorCode.RATE_LIMITED, wrong(HERE));
        pass(EACH.multipliedBy(1_000));
        useUp(HERE);
    }

    @Test
    void othersAreNotConcerned() {
        useUp(HERE);
        assertEquals("in", right(THERE, "token"));
        useUp(THERE);
    }

    @Test
    void whoWasRightFromThereLatelyIsLookedAtWhateverItsNeighboursDo() {
        right(HERE, "token");
        right(HERE, "another");
        useUp(HERE);
        assertEquals("in", right(HERE, "token"));
        assertEquals("in", right(HERE, "another"));
        assertEquals("rate_limited", right(HERE, "tokem"));
        useUp(THERE);
        assertEquals("rate_limited", right(THERE, "token"));
        pass(Duration.ofHours(25));
        useUp(HERE);
        assertEquals("rate_limited", right(HERE, "token"), "that was long ago");
    }

    @Test
    void aRightTokenThatMayNotDoThisIsNoFailure() {
        for (int i = 0; i < 2 * AT_ONCE; i++) {
            assertEquals(ErrorCode.NOT_FOUND, refused(HERE, "token", ErrorCode.NOT_FOUND));
            assertEquals(ErrorCode.DEVICE_REVOKED, refused(HERE, "revoked", ErrorCode.DEVICE_REVOKED));
        }
        useUp(HERE);
        assertEquals("in", right(HERE, "token"));
        assertEquals("rate_limited", right(HERE, "revoked"));
    }

    @Test
    void aWrongInviteCountsToo() {
        for (int i = 0; i < AT_ONCE; i++) {
            assertEquals(ErrorCode.INVITE_INVALID, refused(HERE, "invite", ErrorCode.INVITE_INVALID));
        }
        assertEquals(ErrorCode.RATE_LIMITED, refused(HERE, "invite", ErrorCode.INVITE_INVALID));
        assertThrows(Refusal.class, () -> attempts.failed(HERE));
    }

    @Test
    void manyAtOnceAreNotMoreThanOneByOne() {
        List<CompletableFuture<ErrorCode>> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            all.add(CompletableFuture.supplyAsync(() -> wrong(HERE)));
        }
        List<ErrorCode> codes = all.stream().map(CompletableFuture::join).toList();
        assertEquals(AT_ONCE, Collections.frequency(codes, ErrorCode.UNAUTHENTICATED));
        assertEquals(1_000 - AT_ONCE, Collections.frequency(codes, ErrorCode.RATE_LIMITED));
        String text = metrics.text();
        assertTrue(text.contains("tinysync_rate_limited_total " + (1_000 - AT_ONCE) + "\n"), text);
        assertTrue(text.contains("tinysync_authentication_failures_total " + AT_ONCE + "\n"), text);
    }

    @Test
    void ofTooManyOriginsTheQuietestAreForgotten() {
        useUp(HERE);
        for (int i = 0; i < 20_000; i++) {
            wrong(new Origin("somebody " + i));
        }
        assertEquals(Duration.ZERO, attempts.patience(HERE));
        assertNotEquals(Duration.ofDays(1), attempts.patience(THERE));
    }

    private static Origin direct(String address, String... forwardedFor) throws Exception {
        return Origins.DIRECT.of(InetAddress.ofLiteral(address), List.of(forwardedFor));
    }

    private static Origin proxied(String... forwardedFor) throws Exception {
        return Origins.BEHIND_PROXY.of(InetAddress.ofLiteral("127.0.0.1"), List.of(forwardedFor));
    }

    @Test
    void anAddressIsItsIpv6Network() throws Exception {
        assertEquals(direct("2001:db8:1:2::1"), direct("2001:db8:1:2:ffff::9"));
        assertNotEquals(direct("2001:db8:1:2::1"), direct("2001:db8:1:3::1"));
        assertNotEquals(direct("192.0.2.1"), direct("192.0.2.2"));
        assertEquals(direct("192.0.2.1"), direct("::ffff:192.0.2.1"));
    }

    @Test
    void onlyWhatTheProxyItselfSawCounts() throws Exception {
        Origin client = direct("192.0.2.7");
        assertEquals(client, proxied("192.0.2.7"));
        assertEquals(client, proxied("198.51.100.1, 192.0.2.7"), "what the client wrote comes before");
        assertEquals(client, proxied("198.51.100.1", "203.0.113.9,192.0.2.7"));
        assertEquals(direct("2001:db8::1"), proxied("2001:db8::2"));
        for (String none : List.of("", "unknown", "192.0.2.7:80", "localhost", "192.0.2.7,")) {
            assertEquals(direct("127.0.0.1"), proxied(none), none);
        }
        assertEquals(direct("127.0.0.1"), proxied());
        assertEquals(direct("127.0.0.1"), direct("127.0.0.1", "192.0.2.7"), "nobody said that a proxy is in front");
    }
}
