package tinysync.wire;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import java.util.Collection;
import java.util.Set;

/** The answer of {@code GET /v1/info}. */
public final class InfoCodec {
    private static final int LIST_MAX = 1_000;

    private InfoCodec() {}

    public static JsonObject encode(ServerInfo info) {
        JsonObject json =
                new JsonObject()
                        .add("product", info.product())
                        .add("version", info.version())
                        .add("protocol", info.protocol())
                        .add("server_id", info.serverId().toString())
                        .add("addresses", texts(info.addresses()));
        info.wake().ifPresent(wake -> json.add("wake", wake));
        return json.add("features", texts(info.features().stream().sorted().toList()))
                .add("fold_table", info.foldTable())
                .add("limits", encode(info.limits()));
    }

    public static ServerInfo decode(Fields fields) {
        return new ServerInfo(
                fields.text("product"),
                fields.text("version"),
                (int) fields.whole("protocol", 1, Integer.MAX_VALUE),
                fields.uuid("server_id"),
                fields.texts("addresses", LIST_MAX),
                fields.optText("wake"),
                Set.copyOf(fields.texts("features", LIST_MAX)),
                fields.optText("fold_table").orElse(""),
                fields.optObject("limits").map(InfoCodec::limits).orElse(ServerInfo.Limits.DEFAULT));
    }

    static JsonArray texts(Collection<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }

    private static JsonObject encode(ServerInfo.Limits limits) {
        return new JsonObject()
                .add("body_bytes", limits.bodyBytes())
                .add("inline_bytes", limits.inlineBytes())
                .add("bundle_mutations", limits.bundleMutations())
                .add("name_bytes", limits.nameBytes())
                .add("depth", limits.depth())
                .add("log_page", limits.logPage())
                .add("json_bytes", limits.jsonBytes())
                .add("chunk_bytes_max", limits.chunkBytesMax());
    }

    private static ServerInfo.Limits limits(Fields fields) {
        ServerInfo.Limits usual = ServerInfo.Limits.DEFAULT;
        return new ServerInfo.Limits(
                limit(fields, "body_bytes", usual.bodyBytes()),
                limit(fields, "inline_bytes", usual.inlineBytes()),
                limit(fields, "bundle_mutations", usual.bundleMutations()),
                limit(fields, "name_bytes", usual.nameBytes()),
                limit(fields, "depth", usual.depth()),
                limit(fields, "log_page", usual.logPage()),
                limit(fields, "json_bytes", usual.jsonBytes()),
                limit(fields, "chunk_bytes_max", usual.chunkBytesMax()));
    }

    private static long limit(Fields fields, String name, long usual) {
        return fields.optWhole(name, 0, Fields.WHOLE_MAX).orElse(usual);
    }
}
