package tinysync.server.http;

import tinysync.server.http.AccessWorld.Caller;
import tinysync.server.http.AccessWorld.Slot;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A request of the matrix: what everybody is answered who names what is in the vault {@code main}. In path and body
 * stand {@link Slot}s and <code>{new}</code> (a fresh id), <code>{op}</code> (a fresh op id), <code>{name}</code> (a
 * fresh name), <code>{cursor}</code> (the head of {@code main} in an address) and <code>{head}</code> (the same as
 * JSON).
 *
 * @param route method and path as in {@link Routes}
 * @param path with a query
 * @param body empty for none
 * @param makesVault whether <code>{v}</code> is to be a vault made for the request
 */
record AccessRow(String route, String path, String body, Map<Caller, Integer> statuses, boolean makesVault) {
    private static final List<Caller> COLUMNS =
            List.of(Caller.ADMIN, Caller.MANAGE, Caller.WRITE, Caller.READ, Caller.OUTSIDER);
    private static final int UNAUTHENTICATED = 401;
    private static final int REVOKED = 403;

    /** Statuses for ADMIN, MANAGE, WRITE, READ (and LOWERED) and OUTSIDER; who has no good token is kept out. */
    static AccessRow row(String route, String statuses) {
        String path = route.substring(route.indexOf(' ') + 1);
        Map<Caller, Integer> all = new EnumMap<>(Caller.class);
        for (Caller caller : Caller.values()) {
            all.put(caller, UNAUTHENTICATED);
        }
        String[] columns = statuses.split(" +");
        for (int i = 0; i < COLUMNS.size(); i++) {
            all.put(COLUMNS.get(i), Integer.valueOf(columns[i]));
        }
        all.put(Caller.LOWERED, all.get(Caller.READ));
        all.put(Caller.REVOKED, REVOKED);
        return new AccessRow(route, path, "", all, false);
    }

    AccessRow at(String other) {
        return new AccessRow(route, other, body, statuses, makesVault);
    }

    AccessRow sends(String json) {
        return new AccessRow(route, path, json, statuses, makesVault);
    }

    AccessRow onAFreshVault() {
        return new AccessRow(route, path, body, statuses, true);
    }

    /** Nobody's token is looked at. */
    AccessRow forAnybody() {
        Map<Caller, Integer> all = new EnumMap<>(Caller.class);
        Arrays.stream(Caller.values()).forEach(caller -> all.put(caller, statuses.get(Caller.MANAGE)));
        return new AccessRow(route, path, body, all, makesVault);
    }

    String method() {
        return route.substring(0, route.indexOf(' '));
    }

    List<Slot> slots() {
        return Arrays.stream(Slot.values()).filter(slot -> (path + body).contains(slot.mark)).toList();
    }

    @Override
    public String toString() {
        return method() + " " + path + " " + body;
    }
}
