package tinysync.server.live;

import java.net.InetAddress;
import java.util.List;

/** Tells where requests come from: whom the connection is with, or whom a proxy in front says it was called by. */
public enum Origins {
    /** What a request says of addresses counts for nothing. */
    DIRECT {
        @Override
        public Origin of(InetAddress peer, List<String> forwardedFor) {
            return Origin.of(peer);
        }
    },

    /**
     * The last address of {@code X-Forwarded-For} is what the proxy itself saw; everything before it anybody may have
     * written. Where there is no address, it is the proxy's own.
     */
    BEHIND_PROXY {
        @Override
        public Origin of(InetAddress peer, List<String> forwardedFor) {
            String last = forwardedFor.isEmpty() ? "" : forwardedFor.getLast();
            String seen = last.substring(last.lastIndexOf(',') + 1).strip();
            try {
                return Origin.of(InetAddress.ofLiteral(seen));
            } catch (IllegalArgumentException noAddress) {
                return Origin.of(peer);
            }
        }
    };

    /** The header in which proxies tell. */
    public static final String HEADER = "X-Forwarded-For";

    /**
     * @param peer the other end of the connection
     * @param forwardedFor the values of {@link #HEADER}, in their order
     */
    public abstract Origin of(InetAddress peer, List<String> forwardedFor);
}
