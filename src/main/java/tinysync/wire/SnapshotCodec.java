package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.VaultId;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A page of a snapshot as NDJSON: a header, item views in any order, and a closing line that names the next page or
 * says that there is none. Without the closing line the page counts for nothing.
 */
public final class SnapshotCodec {
    private SnapshotCodec() {}

    /** The first line; {@code total} is the number of items of the whole snapshot, where it is known. */
    public static JsonObject header(VaultId vault, Cursor at, Optional<Long> total) {
        JsonObject header = new JsonObject().add("vault", vault.toString()).add("at", CursorCodec.encode(at));
        total.ifPresent(items -> header.add("items", items));
        return new JsonObject().add("snapshot", header);
    }

    /** The closing line of a page that is not the last. */
    public static JsonObject nextPage(String token) {
        return new JsonObject().add("page", token);
    }

    /** The closing line of the last page. */
    public static JsonObject end(Cursor at) {
        return new JsonObject().add("end", new JsonObject().add("at", CursorCodec.encode(at)));
    }

    public static void write(OutputStream out, SnapshotPage page) throws IOException {
        Ndjson.write(out, header(page.vault(), page.at(), page.total()));
        for (Item item : page.items()) {
            Ndjson.write(out, ItemCodec.encode(item));
        }
        Ndjson.write(out, page.next().map(SnapshotCodec::nextPage).orElseGet(() -> end(page.at())));
    }

    /**
     * Reads one page of at most {@code itemsMax} items.
     *
     * @throws TruncatedException when the closing line is missing
     */
    public static SnapshotPage read(InputStream in, int itemsMax) throws IOException {
        Ndjson lines = new Ndjson(in);
        Fields header = Fields.of(lines.need()).object("snapshot");
        VaultId vault = header.vault("vault");
        Cursor at = CursorCodec.decode(header.object("at"));
        Optional<Long> total = header.optWhole("items", 0, Fields.WHOLE_MAX);
        List<Item> items = new ArrayList<>();
        while (true) {
            Fields line = Fields.of(lines.need());
            if (line.has("id")) {
                if (items.size() == itemsMax) {
                    throw new Refusal(ErrorCode.LIMIT_EXCEEDED, "more than " + itemsMax + " items in one page");
                }
                items.add(ItemCodec.decode(line));
            } else if (line.has("page")) {
                return new SnapshotPage(vault, at, total, items, Optional.of(line.text("page")));
            } else if (line.has("end")) {
                Cursor end = CursorCodec.decode(line.object("end").object("at"));
                if (!end.equals(at)) {
                    throw Fields.badRequest("a snapshot that ends at another place than it began");
                }
                return new SnapshotPage(vault, at, total, items, Optional.empty());
            } else {
                throw Fields.badRequest("a snapshot line is neither an item nor a closing line");
            }
        }
    }
}
