package tinysync.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Pages, cursors and ranges that are none. */
final class HostileQueries {
    private static final Set<String> PAGED =
            Set.of(
                    "/v1/devices",
                    "/v1/groups",
                    "/v1/invites",
                    "/v1/vaults",
                    "/v1/vaults/{v}/snapshot",
                    "/v1/vaults/{v}/log",
                    "/v1/vaults/{v}/items/{item}/children",
                    "/v1/vaults/{v}/children");

    private final RawRequest good;
    private final List<Hostile> cases = new ArrayList<>();

    private HostileQueries(RawRequest good) {
        this.good = good;
    }

    static List<Hostile> of(Example example) {
        HostileQueries queries = new HostileQueries(example.request());
        if (!example.isRead()) {
            return List.of();
        }
        if (PAGED.contains(example.path())) {
            queries.limits();
        }
        switch (example.path()) {
            case "/v1/vaults/{v}/log" -> queries.cursors();
            case "/v1/vaults/{v}/snapshot" -> queries.pages();
            case "/v1/vaults/{v}/children" -> queries.ids("parent");
            case "/v1/vaults/{v}/content/{hash}" -> queries.ranges();
            case "/v1/devices", "/v1/groups", "/v1/invites", "/v1/vaults" -> queries.ids("after");
            default -> {
                // No value of a query is looked at.
            }
        }
        return queries.cases;
    }

    /** With this in place of the value that the good request has, or as a further one. */
    private void value(String name, String value) {
        String without = good.target().replaceAll(name + "=[^&]*&?", "").replaceFirst("[?&]$", "");
        String target = without + (without.contains("?") ? "&" : "?") + name + "=" + value;
        cases.add(Hostile.of(name + "=" + value, good.target(target), Hostile.Fate.REFUSED));
    }

    private void limits() {
        for (String limit :
                List.of(
                        "",
                        "0",
                        "-1",
                        "-0",
                        "+5",
                        "%2b5",
                        "05",
                        "5.0",
                        "1e3",
                        "0x10",
                        "five",
                        "%35x",
                        "%205",
                        "5%20",
                        "9999999999",
                        "2147483648",
                        "9223372036854775808",
                        "99999999999999999999",
                        "NaN",
                        "%00",
                        "1,2",
                        "5;x",
                        "%d9%a1")) {
            value("limit", limit);
        }
    }

    private void cursors() {
        String query = good.target().replaceFirst(".*cursor=", "");
        String epoch = query.substring(0, 36);
        for (String cursor :
                List.of(
                        "",
                        "x",
                        ".",
                        "..",
                        "...",
                        epoch,
                        epoch + ".0",
                        epoch + ".0.",
                        epoch + ".0.0",
                        epoch + "..0",
                        epoch + ".-1.0000000000000000",
                        epoch + ".+1.0000000000000000",
                        epoch + ".1e3.0000000000000000",
                        epoch + ".00.0000000000000000",
                        epoch + ".9007199254740992.0000000000000000",
                        epoch + ".99999999999999999999.0000000000000000",
                        epoch + ".0.000000000000000g",
                        epoch + ".0.ABCDEF0123456789",
                        epoch + ".0.0000000000000000.x",
                        epoch + ".0.00000000000000000",
                        epoch.toUpperCase(java.util.Locale.ROOT) + "x.0.0000000000000000",
                        "x" + query,
                        query + "x",
                        epoch + ".9007199254740991.0123456789abcdef",
                        epoch + ".1.0123456789abcdef",
                        "00000000-0000-0000-0000-000000000000.0.0000000000000000",
                        "00000000-0000-0000-0000-000000000000.5.0123456789abcdef",
                        epoch + ".0.0123456789abcdef")) {
            value("cursor", cursor);
        }
        cases.add(Hostile.of("no cursor", good.target(good.target().replaceFirst("\\?.*", "")), Hostile.Fate.REFUSED));
    }

    private void pages() {
        for (String page :
                List.of(
                        "",
                        "x",
                        "0",
                        "%00",
                        "....",
                        "AAAA",
                        "A".repeat(4_000),
                        "%f0%9f%98%80",
                        "..%2f..",
                        "null",
                        "-1.-1.-1.-1",
                        "00000000-0000-0000-0000-000000000000.0.0000000000000000")) {
            value("page", page);
        }
    }

    private void ids(String name) {
        for (String id :
                List.of(
                        "",
                        "x",
                        "0",
                        "00000000000000000000000000000000",
                        "00000000-0000-0000-0000-00000000000",
                        "0000000A-0000-0000-0000-000000000000",
                        "%00",
                        "1-1-1-1-1",
                        "..",
                        "x".repeat(4_000))) {
            value(name, id);
        }
    }

    private void ranges() {
        for (String range :
                List.of(
                        "",
                        "bytes",
                        "bytes=",
                        "bytes=-",
                        "bytes=--1",
                        "bytes=-1-",
                        "bytes=-0",
                        "bytes=5-2",
                        "bytes=a-b",
                        "bytes=0-0,0-0",
                        "bytes=0-,0-,0-",
                        "bytes=13-",
                        "bytes=14-",
                        "bytes=0-99999999999999999999",
                        "bytes=99999999999999999999-",
                        "bytes=-99999999999999999999",
                        "bytes=9223372036854775807-",
                        "bytes=0-9223372036854775807",
                        "bytes=-9223372036854775808",
                        "bytes=0x0-0x1",
                        "bytes=1.5-2",
                        "bytes =0-1",
                        "bytes= 0-1",
                        "items=0-1",
                        "Bytes=0-1",
                        "bytes=0-1;x",
                        "bytes=" + "0-0,".repeat(1_000) + "1-1",
                        "bytes=" + "0-".repeat(5_000))) {
            cases.add(Hostile.of("Range: " + range, good.with("Range: " + range), Hostile.Fate.HARMLESS));
        }
        // More than the JDK's server reads, whoever has set it up first in this process.
        RawRequest many = good.with("Range: bytes=" + "0-0,".repeat(100_000) + "1-1");
        cases.add(Hostile.of("100,000 ranges", many, Hostile.Fate.TURNED_AWAY));
        RawRequest two = good.with("Range: bytes=0-0").with("Range: bytes=1-1");
        cases.add(Hostile.of("two headers of ranges", two, Hostile.Fate.REFUSED));
    }
}
