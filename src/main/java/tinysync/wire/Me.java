package tinysync.wire;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.tree.ItemId;
import tinysync.tree.VaultId;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What {@code GET /v1/me} says: who the device is and what it may reach. {@code
 * {"device":{"id","name"},"vaults":[{"id","name","role","root","policy":{…}}],"groups":[{"id","name"}]}}.
 */
public record Me(Named device, List<Reach> vaults, List<Named> groups) {
    private static final int GROUPS_MAX = 10_000;

    public Me {
        Objects.requireNonNull(device);
        vaults = List.copyOf(vaults);
        groups = List.copyOf(groups);
    }

    /** A vault in reach, with what a client must know before it makes items for it. */
    public record Reach(VaultId id, String name, Role role, ItemId root, PolicyView policy) {
        public Reach {
            Objects.requireNonNull(id);
            Objects.requireNonNull(name);
            Objects.requireNonNull(role);
            Objects.requireNonNull(root);
            Objects.requireNonNull(policy);
        }

        private JsonObject encode() {
            return new JsonObject()
                    .add("id", id.toString())
                    .add("name", name)
                    .add("role", role.wire())
                    .add("root", root.toString())
                    .add("policy", policy.encode());
        }

        private static Reach decode(Fields fields) {
            return new Reach(
                    fields.vault("id"),
                    fields.text("name"),
                    InviteCodec.role(fields),
                    fields.item("root"),
                    PolicyView.decode(fields.object("policy")));
        }
    }

    public JsonObject encode() {
        JsonArray reach = new JsonArray();
        vaults.forEach(vault -> reach.add(vault.encode()));
        JsonArray members = new JsonArray();
        groups.forEach(group -> members.add(group.encode()));
        return new JsonObject().add("device", device.encode()).add("vaults", reach).add("groups", members);
    }

    public static Me decode(Fields fields) {
        List<Reach> vaults = new ArrayList<>();
        fields.objects("vaults", Registration.VAULTS_MAX).forEach(vault -> vaults.add(Reach.decode(vault)));
        List<Named> groups = new ArrayList<>();
        if (fields.has("groups")) {
            fields.objects("groups", GROUPS_MAX).forEach(group -> groups.add(Named.decode(group)));
        }
        return new Me(Named.decode(fields.object("device")), vaults, groups);
    }
}
