package tinysync.sim;

import tinysync.client.engine.Event;
import tinysync.client.engine.Slot;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.SyncedEntry;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts trees, events and effects into short words, for whoever looks into a failing world. */
final class Telling {
    private static final Pattern UUID =
            Pattern.compile("([0-9a-f]{4})[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{8}([0-9a-f]{4})");
    private static final Pattern HASH = Pattern.compile("ContentRef\\[id=([0-9a-f]{6})[0-9a-f]{58}, size=\\d+\\]");

    private Telling() {}

    /** As {@link #shorten}, and the same in every process: sets have an order that changes from one to the next. */
    static String event(Object what) {
        return what instanceof Event.Hint hint
                ? "Hint" + hint.entries().stream().map(Slot::path).sorted().toList()
                : shorten(what);
    }

    static String shorten(Object what) {
        Matcher ids = UUID.matcher(what.toString());
        String text = ids.replaceAll(match -> match.group(2));
        return HASH.matcher(text)
                .replaceAll("#$1")
                .replaceAll("Optional\\[([^\\[\\]]*)\\]", "$1")
                .replace("Optional.empty", "-")
                .replace("2026-11-21T07:", "");
    }

    /** One line for each item that any of the three trees has. */
    static String trees(DurableState state) {
        Set<ItemId> ids = new TreeSet<>(state.local().keySet());
        ids.addAll(state.remote().keySet());
        ids.addAll(state.synced().keySet());
        StringBuilder text = new StringBuilder();
        for (ItemId id : ids) {
            text.append("  ").append(shorten(id));
            text.append("  R ").append(remote(state.remote(), id));
            text.append("  S ").append(synced(state.synced(), id));
            text.append("  L ").append(local(state.local(), id)).append('\n');
        }
        return text.toString();
    }

    private static String remote(Map<ItemId, Item> items, ItemId id) {
        Item item = items.get(id);
        return item == null
                ? "-"
                : shorten(
                        item.parent()
                                + "/"
                                + item.name()
                                + " "
                                + item.content()
                                + " "
                                + meta(item.mode(), item.mtime())
                                + " v"
                                + item.versions().content()
                                + ","
                                + item.versions().place()
                                + ","
                                + item.versions().meta());
    }

    private static String synced(Map<ItemId, SyncedEntry> entries, ItemId id) {
        SyncedEntry entry = entries.get(id);
        return entry == null
                ? "-"
                : shorten(
                        entry.place().map(place -> place.parent() + "/" + place.name())
                                + " "
                                + entry.content()
                                + " "
                                + meta(entry.mode(), entry.mtime())
                                + " v"
                                + entry.versions().content()
                                + ","
                                + entry.versions().place()
                                + ","
                                + entry.versions().meta()
                                + " disk "
                                + entry.disk().name()
                                + " "
                                + meta(entry.disk().mode(), entry.disk().mtime()));
    }

    private static String local(Map<ItemId, LocalNode> nodes, ItemId id) {
        LocalNode node = nodes.get(id);
        return node == null
                ? "-"
                : shorten(
                        node.parent()
                                + "/"
                                + node.name()
                                + " "
                                + node.content()
                                + " "
                                + node.presence()
                                + " "
                                + node.fingerprint().identity()
                                + " "
                                + meta(node.fingerprint().mode(), node.fingerprint().mtime())
                                + (node.trusted() ? "" : " untrusted"));
    }

    private static String meta(int mode, Object mtime) {
        return Integer.toOctalString(mode) + " " + mtime;
    }
}
