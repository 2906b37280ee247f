package tinysync.wire;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import tinysync.content.ContentRef;
import tinysync.tree.DeviceId;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.ItemName;
import tinysync.tree.Kind;
import tinysync.tree.Versions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The item view of FORMATS. A folder has neither content nor mtime, the root neither parent nor a name, a symlink has
 * its target beside its content. Unknown members are dropped, unknown kinds are kept.
 */
public final class ItemCodec {
    private static final int ITEMS_MAX = 100_000;

    private ItemCodec() {}

    public static JsonObject encode(Item item) {
        JsonObject json = new JsonObject().add("id", item.id().toString());
        item.parent().ifPresent(parent -> json.add("parent", parent.toString()));
        json.add("name", item.name()).add("kind", item.kind().wire());
        item.content().ifPresent(content -> json.add("content", ContentRefCodec.encode(content)));
        item.target().ifPresent(target -> json.add("target", target));
        json.add("mode", mode(item.mode()));
        item.mtime().ifPresent(mtime -> json.add("mtime", Times.format(mtime)));
        json.add("versions", encode(item.versions())).add("deleted", item.deleted());
        item.device().ifPresent(device -> json.add("device", device.toString()));
        return json.add("attrs", item.attrs().equals(Item.NO_ATTRS) ? new JsonObject() : Json.parse(item.attrs()));
    }

    /** Also checks the name, for a client will put it on a disk: {@code bad_name}. */
    public static Item decode(Fields fields) {
        Kind kind = new Kind(fields.text("kind"));
        Optional<ItemId> parent = fields.optUuid("parent").map(ItemId::new);
        boolean bytes = kind.isFile() || kind.isSymlink();
        Optional<ContentRef> content =
                bytes
                        ? Optional.of(fields.object("content")).map(ContentRefCodec::decode)
                        : fields.optObject("content").filter(c -> !kind.isFolder()).map(ContentRefCodec::decode);
        return new Item(
                fields.item("id"),
                parent,
                name(fields, parent.isEmpty()),
                kind,
                content,
                kind.isFolder() ? Optional.empty() : fields.optText("target"),
                fields.optMode("mode").orElse(kind.isFolder() ? Item.DEFAULT_FOLDER_MODE : Item.DEFAULT_FILE_MODE),
                kind.isFolder() ? Optional.empty() : fields.optInstant("mtime"),
                versions(fields.object("versions")),
                fields.bool("deleted", false),
                fields.optUuid("device").map(DeviceId::new),
                fields.optObject("attrs").map(attrs -> attrs.json().toString()).orElse(Item.NO_ATTRS));
    }

    static JsonArray encodeAll(List<Item> items) {
        JsonArray array = new JsonArray();
        items.forEach(item -> array.add(encode(item)));
        return array;
    }

    static List<Item> decodeAll(Fields fields, String name) {
        List<Item> items = new ArrayList<>();
        fields.objects(name, ITEMS_MAX).forEach(item -> items.add(decode(item)));
        return items;
    }

    /** Nine bits as three octal digits. */
    static String mode(int mode) {
        return "" + (char) ('0' + (mode >> 6 & 7)) + (char) ('0' + (mode >> 3 & 7)) + (char) ('0' + (mode & 7));
    }

    private static String name(Fields fields, boolean root) {
        String name = fields.text("name");
        if (root) {
            if (!name.isEmpty()) {
                throw fields.wrong("name", "must be empty where there is no parent");
            }
            return name;
        }
        ItemName.problem(name)
                .ifPresent(
                        problem -> {
                            throw new Refusal(ErrorCode.BAD_NAME, "the name " + problem);
                        });
        return name;
    }

    private static JsonValue encode(Versions versions) {
        return new JsonObject()
                .add("content", versions.content())
                .add("place", versions.place())
                .add("meta", versions.meta());
    }

    private static Versions versions(Fields fields) {
        return new Versions(
                fields.whole("content", 0, Fields.WHOLE_MAX),
                fields.whole("place", 0, Fields.WHOLE_MAX),
                fields.whole("meta", 0, Fields.WHOLE_MAX));
    }
}
