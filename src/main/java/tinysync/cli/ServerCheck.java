package tinysync.cli;

import tinysync.client.remote.FirstLook;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.state.Identity;
import tinysync.platform.SystemClock;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A server that this device has joined: whether it is in reach, is the right one, and agrees about the time. */
final class ServerCheck {
    /** Certificates and invites go by the clock; a minute does not matter. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

    private static final Duration RENEW_BEFORE = Duration.ofDays(14);

    private final Identity identity;
    private final String name;

    ServerCheck(Identity identity) {
        this.identity = Objects.requireNonNull(identity);
        this.name = identity.server().toString();
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        try {
            FirstLook look = FirstLook.at(identity.server(), identity.pin());
            Instant now = new SystemClock().now();
            look.time().map(time -> clock(time, now)).ifPresent(findings::add);
            findings.add(encryption(look.validUntil(), now));
            findings.addFirst(access());
        } catch (RemoteException failed) {
            findings.add(failed(failed));
        }
        return findings;
    }

    private Finding access() throws RemoteException {
        try (ServerApi api = Context.api(identity)) {
            int vaults = api.me().vaults().size();
            return vaults > 0
                    ? Finding.ok("server", name + " answers, and this device may reach vaults there: " + vaults)
                    : Finding.advice(
                            "server",
                            name + " answers, and this device may reach no vault",
                            "ask its operator for one");
        }
    }

    private Finding failed(RemoteException failed) {
        return switch (failed) {
            case RemoteException.Unreachable lost ->
                    Finding.bad(
                            "server",
                            name + " is not reachable (" + lost.getMessage() + ")",
                            "check that it runs, and that network and firewall let it through");
            case RemoteException.Garbled other ->
                    Finding.bad(
                            "server",
                            name + " is not the one that was joined: " + other.getMessage(),
                            "check its address; if its key was made anew, 'tinysync leave --anyway' and join again");
            case RemoteException.Refused refused when refused.isRevoked() ->
                    Finding.bad(
                            "server",
                            name + " does not let this device in any more: " + refused.getMessage(),
                            "'tinysync leave' and join again with a new invite");
            case RemoteException.Refused refused ->
                    Finding.bad("server", name + " refuses: " + refused.getMessage(), "ask its operator");
        };
    }

    static Finding clock(Instant server, Instant here) {
        long seconds = Duration.between(server, here).toSeconds();
        return Math.abs(seconds) <= CLOCKS_APART.toSeconds()
                ? Finding.ok("clock", "agrees with the server's")
                : Finding.advice(
                        "clock",
                        "is " + Math.abs(seconds) + " s " + (seconds > 0 ? "ahead of" : "behind") + " the server's",
                        "let both machines take the time from the network (NTP)");
    }

    private Finding encryption(Optional<Instant> validUntil, Instant now) {
        boolean here = identity.server().getHost().matches("localhost|127\\..*|\\[::1\\]");
        if (validUntil.isEmpty()) {
            return here
                    ? Finding.ok("TLS", "none, on this machine alone")
                    : Finding.advice(
                            "TLS",
                            name + " is read by anyone between",
                            "have the server speak TLS: docs/OPERATIONS.md");
        }
        return identity.pin().isPresent()
                ? Finding.ok("TLS", "the server has the key that its invite named")
                : certificate(validUntil.get(), now);
    }

    static Finding certificate(Instant until, Instant now) {
        long days = Duration.between(now, until).toDays();
        return until.isAfter(now.plus(RENEW_BEFORE))
                ? Finding.ok("TLS", "the certificate is good for " + days + " days")
                : Finding.advice(
                        "TLS",
                        "the certificate ends in " + days + " days",
                        "have it renewed; the server takes the new one without a restart");
    }
}
