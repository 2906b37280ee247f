package tinysync.server.live;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Where a request comes from, as far as attempts are counted: an IPv4 address, or the /64 network of an IPv6 one, since
 * whoever has one address of such a network has them all.
 */
public record Origin(String network) {
    private static final int NETWORK_BYTES = 8;

    public Origin {
        Objects.requireNonNull(network);
    }

    public static Origin of(InetAddress address) {
        // An IPv4 address that is written as an IPv6 one is an IPv4 address to the JDK, too.
        byte[] bytes = address.getAddress();
        int length = address instanceof Inet4Address ? bytes.length : NETWORK_BYTES;
        return new Origin(HexFormat.of().formatHex(Arrays.copyOf(bytes, length)));
    }
}
