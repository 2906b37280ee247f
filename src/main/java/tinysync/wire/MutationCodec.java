package tinysync.wire;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.content.Chunking;
import tinysync.content.ContentRef;
import tinysync.tree.ItemId;
import tinysync.tree.Mutation;
import tinysync.tree.Mutation.CreateFolder;
import tinysync.tree.Mutation.CreateSymlink;
import tinysync.tree.Mutation.Delete;
import tinysync.tree.Mutation.DeleteSubtree;
import tinysync.tree.Mutation.MoveRename;
import tinysync.tree.Mutation.PutFile;
import tinysync.tree.Mutation.Restore;
import tinysync.tree.Mutation.SetMetadata;
import tinysync.tree.OpId;
import tinysync.tree.Place;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The eight mutations of FORMATS. Whether names, targets and attributes may be what they are is for the commit rules to
 * say: they answer for one mutation, while what is refused here refuses the request.
 */
public final class MutationCodec {
    private static final int PARENTS_MAX = 1_000;

    private MutationCodec() {}

    public static JsonObject encode(Mutation mutation) {
        return switch (mutation) {
            case CreateFolder m -> {
                JsonObject json = head(m, m.item());
                addPlace(json, m.place());
                addMeta(json, m.mode(), Optional.empty());
                yield json.add("adopt", m.adopt());
            }
            case PutFile m -> encodePutFile(m, ContentRefCodec.encode(m.content()));
            case CreateSymlink m -> {
                JsonObject json = head(m, m.item());
                addPlace(json, m.place());
                json.add("target", m.target());
                yield addMeta(json, Optional.empty(), m.mtime());
            }
            case MoveRename m -> encodeMoves(m);
            case SetMetadata m -> {
                JsonObject json = head(m, m.item()).add("base", new JsonObject().add("meta", m.base()));
                addMeta(json, m.mode(), m.mtime());
                m.attrs().ifPresent(attrs -> json.add("attrs", Json.parse(attrs)));
                yield json;
            }
            case Delete m ->
                    head(m, m.item())
                            .add("base", new JsonObject().add("content", m.baseContent()).add("place", m.basePlace()));
            case DeleteSubtree m ->
                    head(m, m.item())
                            .add("base", new JsonObject().add("place", m.basePlace()))
                            .add("applied_seq", m.appliedSeq())
                            .add("confirmed", m.confirmed());
            case Restore m -> encodeRestore(m, m.content().map(ContentRefCodec::encode));
        };
    }

    /** As {@link #encode}, but only announces the content, which follows in the bundle; it must have some. */
    public static JsonObject encodeInline(Mutation mutation) {
        return switch (mutation) {
            case PutFile m -> encodePutFile(m, inline(m.content()));
            case Restore m when m.content().isPresent() -> encodeRestore(m, m.content().map(MutationCodec::inline));
            case CreateFolder _, CreateSymlink _, MoveRename _, SetMetadata _, Delete _, DeleteSubtree _, Restore _ ->
                    throw new IllegalArgumentException(mutation.op() + " has no content");
        };
    }

    public static ParsedMutation decode(Fields fields) {
        OpId opId = fields.opId("op_id");
        String op = fields.text("op");
        return switch (op) {
            case "create_folder" ->
                    complete(
                            new CreateFolder(
                                    opId,
                                    fields.item("item"),
                                    place(fields),
                                    fields.optMode("mode"),
                                    fields.bool("adopt", false)));
            case "put_file" -> decodePutFile(opId, fields);
            case "create_symlink" ->
                    complete(
                            new CreateSymlink(
                                    opId,
                                    fields.item("item"),
                                    place(fields),
                                    fields.text("target"),
                                    fields.optInstant("mtime")));
            case "move_rename" -> complete(new MoveRename(opId, moves(fields)));
            case "set_metadata" ->
                    complete(
                            new SetMetadata(
                                    opId,
                                    fields.item("item"),
                                    version(fields.object("base"), "meta"),
                                    fields.optMode("mode"),
                                    fields.optInstant("mtime"),
                                    fields.optObject("attrs").map(attrs -> attrs.json().toString())));
            case "delete" -> {
                Fields base = fields.object("base");
                yield complete(new Delete(opId, fields.item("item"), version(base, "content"), version(base, "place")));
            }
            case "delete_subtree" ->
                    complete(
                            new DeleteSubtree(
                                    opId,
                                    fields.item("item"),
                                    version(fields.object("base"), "place"),
                                    version(fields, "applied_seq"),
                                    fields.bool("confirmed", false)));
            case "restore" -> decodeRestore(opId, fields);
            default -> throw new Refusal(ErrorCode.UNSUPPORTED_FEATURE, "no such mutation: " + shown(op));
        };
    }

    static Mutation withContent(Mutation mutation, ContentRef content) {
        return switch (mutation) {
            case PutFile m ->
                    new PutFile(m.opId(), m.item(), m.place(), m.base(), content, m.mode(), m.mtime(), m.parents());
            case Restore m ->
                    new Restore(
                            m.opId(),
                            m.item(),
                            m.version(),
                            m.parent(),
                            m.name(),
                            Optional.of(content),
                            m.mode(),
                            m.mtime(),
                            m.recursive());
            case CreateFolder _, CreateSymlink _, MoveRename _, SetMetadata _, Delete _, DeleteSubtree _ ->
                    throw new IllegalArgumentException(mutation.op() + " has no content");
        };
    }

    private static JsonObject head(Mutation mutation, ItemId item) {
        return head(mutation).add("item", item.toString());
    }

    private static JsonObject head(Mutation mutation) {
        return new JsonObject().add("op", mutation.op()).add("op_id", mutation.opId().toString());
    }

    private static JsonObject addPlace(JsonObject json, Place place) {
        return json.add("parent", place.parent().toString()).add("name", place.name());
    }

    private static JsonObject addMeta(JsonObject json, Optional<Integer> mode, Optional<Instant> mtime) {
        mode.ifPresent(bits -> json.add("mode", ItemCodec.mode(bits)));
        mtime.ifPresent(time -> json.add("mtime", Times.format(time)));
        return json;
    }

    private static JsonObject inline(ContentRef content) {
        return new JsonObject().add("inline", true).add("size", content.size());
    }

    private static JsonObject encodePutFile(PutFile m, JsonObject content) {
        JsonObject json = head(m, m.item());
        m.place().ifPresent(place -> addPlace(json, place));
        m.base().ifPresent(base -> json.add("base", new JsonObject().add("content", base)));
        json.add("content", content);
        addMeta(json, m.mode(), m.mtime());
        if (!m.parents().isEmpty()) {
            JsonArray parents = new JsonArray();
            m.parents().forEach(parents::add);
            json.add("parents", parents);
        }
        return json;
    }

    private static JsonObject encodeMoves(MoveRename m) {
        JsonArray moves = new JsonArray();
        for (MoveRename.Move move : m.moves()) {
            JsonObject json =
                    new JsonObject()
                            .add("item", move.item().toString())
                            .add("base", new JsonObject().add("place", move.base()));
            moves.add(addPlace(json, move.to()));
        }
        return head(m).add("moves", moves);
    }

    private static JsonObject encodeRestore(Restore m, Optional<JsonObject> content) {
        JsonObject json = head(m, m.item());
        m.version().ifPresent(version -> json.add("version", version));
        m.parent().ifPresent(parent -> json.add("parent", parent.toString()));
        m.name().ifPresent(name -> json.add("name", name));
        content.ifPresent(ref -> json.add("content", ref));
        addMeta(json, m.mode(), m.mtime());
        return json.add("recursive", m.recursive());
    }

    private static ParsedMutation complete(Mutation mutation) {
        return new ParsedMutation(mutation, OptionalInt.empty());
    }

    private static ParsedMutation decodePutFile(OpId opId, Fields fields) {
        boolean changes = fields.has("base");
        boolean creates = fields.has("parent") || fields.has("name");
        if (changes == creates) {
            throw Fields.badRequest("put_file needs either parent and name, or base");
        }
        Fields content = fields.object("content");
        OptionalInt inlineSize = inlineSize(content);
        Mutation mutation =
                new PutFile(
                        opId,
                        fields.item("item"),
                        creates ? Optional.of(place(fields)) : Optional.empty(),
                        changes ? Optional.of(version(fields.object("base"), "content")) : Optional.empty(),
                        content(content, inlineSize),
                        fields.optMode("mode"),
                        fields.optInstant("mtime"),
                        fields.wholes("parents", PARENTS_MAX));
        return new ParsedMutation(mutation, inlineSize);
    }

    private static ParsedMutation decodeRestore(OpId opId, Fields fields) {
        Optional<Fields> content = fields.optObject("content");
        OptionalInt inlineSize = content.map(MutationCodec::inlineSize).orElse(OptionalInt.empty());
        Mutation mutation =
                new Restore(
                        opId,
                        fields.item("item"),
                        fields.optWhole("version", 0, Fields.WHOLE_MAX),
                        fields.optUuid("parent").map(ItemId::new),
                        fields.optText("name"),
                        content.map(ref -> content(ref, inlineSize)),
                        fields.optMode("mode"),
                        fields.optInstant("mtime"),
                        fields.bool("recursive", false));
        return new ParsedMutation(mutation, inlineSize);
    }

    private static OptionalInt inlineSize(Fields content) {
        return content.bool("inline", false)
                ? OptionalInt.of((int) content.whole("size", 0, Chunking.INLINE_MAX))
                : OptionalInt.empty();
    }

    private static ContentRef content(Fields fields, OptionalInt inlineSize) {
        return inlineSize.isPresent()
                ? ParsedMutation.placeholder(inlineSize.getAsInt())
                : ContentRefCodec.decode(fields);
    }

    private static List<MoveRename.Move> moves(Fields fields) {
        List<MoveRename.Move> moves = new ArrayList<>();
        for (Fields move : fields.objects("moves", Mutation.MAX_MOVES)) {
            moves.add(new MoveRename.Move(move.item("item"), version(move.object("base"), "place"), place(move)));
        }
        if (moves.isEmpty()) {
            throw fields.wrong("moves", "is empty");
        }
        return moves;
    }

    private static Place place(Fields fields) {
        return new Place(fields.item("parent"), fields.text("name"));
    }

    private static long version(Fields fields, String name) {
        return fields.whole(name, 0, Fields.WHOLE_MAX);
    }

    private static String shown(String op) {
        return op.matches("[a-z_]{1,40}") ? op : "(unprintable)";
    }
}
