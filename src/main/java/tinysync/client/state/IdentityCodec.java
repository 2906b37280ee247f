package tinysync.client.state;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.client.engine.Selection;
import tinysync.client.state.Attachment.Mode;
import tinysync.tree.ItemId;
import tinysync.wire.DeviceToken;
import tinysync.wire.Fields;
import tinysync.wire.Role;
import tinysync.wire.StrictJson;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code identity.json}. What is wrong with it is an IllegalArgumentException or a {@link tinysync.wire.Refusal}. */
final class IdentityCodec {
    /** Larger than any honest one: 10,000 attachments fit. */
    static final int BYTES_MAX = 8 << 20;

    /** Grows when an older program would misread what a newer one wrote. Format 1 held one identity, unwrapped. */
    private static final long FORMAT = 2;

    private static final long FORMAT_OF_ONE = 1;
    private static final int LIST_MAX = 10_000;

    private IdentityCodec() {}

    static byte[] encode(List<Identity> identities) {
        JsonArray accounts = new JsonArray();
        identities.forEach(identity -> accounts.add(encode(identity)));
        return StrictJson.utf8(new JsonObject().add("format", FORMAT).add("accounts", accounts));
    }

    private static JsonObject encode(Identity identity) {
        JsonArray servers = new JsonArray();
        identity.servers().forEach(server -> servers.add(server.toString()));
        JsonArray attachments = new JsonArray();
        identity.attachments().forEach(attachment -> attachments.add(encode(attachment)));
        JsonObject json =
                new JsonObject()
                        .add("token", identity.token().format())
                        .add("device_name", identity.deviceName())
                        .add("servers", servers)
                        .add("server_id", identity.serverId().toString());
        identity.pin().ifPresent(pin -> json.add("pin", pin.hex()));
        identity.instance().ifPresent(id -> json.add("instance", id.toString()));
        identity.proposed().ifPresent(id -> json.add("proposed", id.toString()));
        return json.add("attachments", attachments);
    }

    static List<Identity> decode(byte[] utf8) {
        Fields fields = Fields.of(StrictJson.parseObject(utf8, BYTES_MAX));
        long format = fields.whole("format", 1, Fields.WHOLE_MAX);
        if (format > FORMAT) {
            throw new IllegalArgumentException("a newer TinySync wrote it (format " + format + ")");
        }
        return format == FORMAT_OF_ONE
                ? List.of(identity(fields))
                : fields.objects("accounts", LIST_MAX).stream().map(IdentityCodec::identity).toList();
    }

    private static Identity identity(Fields fields) {
        List<URI> servers = new ArrayList<>();
        fields.texts("servers", LIST_MAX).forEach(text -> servers.add(uri(text)));
        List<Attachment> attachments = new ArrayList<>();
        fields.objects("attachments", LIST_MAX).forEach(one -> attachments.add(attachment(one)));
        return new Identity(
                fields.parsed("token", DeviceToken::tryParse, "is not a device token"),
                fields.text("device_name"),
                servers,
                fields.optHash("pin"),
                fields.uuid("server_id"),
                fields.optUuid("instance"),
                fields.optUuid("proposed"),
                attachments);
    }

    private static JsonObject encode(Attachment attachment) {
        JsonObject json =
                new JsonObject()
                        .add("name", attachment.name())
                        .add("id", attachment.id().toString())
                        .add("vault", attachment.vault().toString())
                        .add("root", attachment.root().toString())
                        .add("role", attachment.role().wire())
                        .add("mode", attachment.mode().name().toLowerCase(Locale.ROOT))
                        .add("path", attachment.path().toString())
                        .add("paused", attachment.paused());
        JsonArray keptLocal = new JsonArray();
        attachment.selection().keptLocal().stream().sorted().forEach(keptLocal::add);
        if (!keptLocal.isEmpty()) {
            json.add("kept_local", keptLocal);
        }
        JsonArray hidden = new JsonArray();
        attachment.selection().hidden().stream().sorted().forEach(id -> hidden.add(id.toString()));
        return hidden.isEmpty() ? json : json.add("hidden", hidden);
    }

    private static Attachment attachment(Fields fields) {
        return new Attachment(
                fields.text("name"),
                fields.uuid("id"),
                fields.vault("vault"),
                new ItemId(fields.uuid("root")),
                fields.parsed("role", Role::parse, "is no role"),
                fields.parsed("mode", IdentityCodec::mode, "must be folder or drive"),
                fields.parsed("path", IdentityCodec::path, "is no path"),
                fields.bool("paused", false),
                new Selection(hidden(fields), Set.copyOf(fields.texts("kept_local", LIST_MAX))));
    }

    private static Set<ItemId> hidden(Fields fields) {
        Set<ItemId> hidden = new HashSet<>();
        for (String text : fields.texts("hidden", LIST_MAX)) {
            hidden.add(
                    ItemId.tryParse(text)
                            .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no item id")));
        }
        return hidden;
    }

    private static Optional<Mode> mode(String word) {
        return switch (word) {
            case "folder" -> Optional.of(Mode.FOLDER);
            case "drive" -> Optional.of(Mode.DRIVE);
            default -> Optional.empty();
        };
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException malformed) {
            return Optional.empty();
        }
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException("'" + text + "' is no address", malformed);
        }
    }
}
