package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import tinysync.tree.Cursor;
import tinysync.tree.ItemId;
import tinysync.tree.VaultId;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@code GET /v1/vaults/{v}} says of a vault.
 *
 * @param head the last event of its log
 * @param minRetained the first seq that is still in the log
 * @param role what the caller may do; empty for the operator
 * @param items how many live
 * @param bytes of content of live items
 */
public record VaultView(
        VaultId id,
        String name,
        ItemId root,
        Cursor head,
        long minRetained,
        List<EpochStart> epochs,
        PolicyView policy,
        Optional<Role> role,
        long items,
        long bytes) {
    public VaultView {
        Objects.requireNonNull(id);
        Objects.requireNonNull(name);
        Objects.requireNonNull(root);
        Objects.requireNonNull(head);
        epochs = List.copyOf(epochs);
        Objects.requireNonNull(policy);
        Objects.requireNonNull(role);
    }

    public JsonObject encode() {
        JsonObject json =
                new JsonObject()
                        .add("id", id.toString())
                        .add("name", name)
                        .add("root", root.toString())
                        .add("head", CursorCodec.encode(head))
                        .add("min_retained", minRetained)
                        .add("epochs", EpochStart.encodeAll(epochs))
                        .add("policy", policy.encode());
        role.ifPresent(granted -> json.add("role", granted.wire()));
        return json.add("items", items).add("bytes", bytes);
    }

    public static VaultView decode(Fields fields) {
        return new VaultView(
                fields.vault("id"),
                fields.text("name"),
                fields.item("root"),
                CursorCodec.decode(fields.object("head")),
                fields.whole("min_retained", 0, Fields.WHOLE_MAX),
                EpochStart.decodeAll(fields, "epochs"),
                PolicyView.decode(fields.object("policy")),
                fields.has("role") ? Optional.of(InviteCodec.role(fields)) : Optional.empty(),
                fields.optWhole("items", 0, Fields.WHOLE_MAX).orElse(0L),
                fields.optWhole("bytes", 0, Fields.WHOLE_MAX).orElse(0L));
    }
}
