package tinysync.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Three trees as short texts, and what the planner makes of them.
 *
 * <p>{@code a=1} is a file, {@code l->t} a link, {@code d{b=2 e{}}} a folder. An item is known by its label, which is
 * its name unless another is given before it: {@code a:z=1} is the item a, called z. {@code @600} is a mode, {@code
 * a|A} a name in the vault and the one on the disk, {@code _} a space, {@code a%1} of a kind that is not known. On the
 * disk {@code ?} is unreadable, {@code !} excluded, {@code ~} not hashed yet, in the vault {@code ^} deleted and
 * restored; what the base has and the disk has not is absent.
 */
final class Scene {
    private static final long SEQ = 2;
    private static final Instant TIME = Instant.ofEpochSecond(1_000);

    /** One entry of a text. */
    private record Entry(
            String label,
            Optional<String> parent,
            String name,
            String diskName,
            Kind kind,
            Optional<String> text,
            int mode,
            Presence presence,
            boolean hashed,
            boolean restored) {
        ItemId id() {
            return Scene.id(label);
        }
    }

    private final Map<String, Entry> base;
    private final Map<String, Entry> remote;
    private final Map<String, Entry> local;
    private final Map<ItemId, String> labels = new HashMap<>();
    private Set<ItemId> busy = Set.of();
    private Set<ItemId> hidden = Set.of();
    private Set<ItemId> keptHere = Set.of();
    private boolean canWrite = true;
    private boolean portable = true;

    Scene(String base, String remote, String local) {
        this.base = new Reader(base).read();
        this.remote = new Reader(remote).read();
        this.local = new Reader(local).read();
        Stream.of(this.base, this.remote, this.local)
                .flatMap(tree -> tree.keySet().stream())
                .forEach(label -> labels.put(id(label), label));
    }

    /** The rows of the table, one line each. */
    static void check(String base, String remote, String local, String... expected) {
        new Scene(base, remote, local).expect(expected);
    }

    Scene readOnly() {
        canWrite = false;
        return this;
    }

    /** These shall not be on the disk. */
    Scene hidden(String... items) {
        hidden = Arrays.stream(items).map(Scene::id).collect(Collectors.toSet());
        return this;
    }

    /** These stay on the disk when they are gone in the vault. */
    Scene keptHere(String... kept) {
        keptHere = Arrays.stream(kept).map(Scene::id).collect(Collectors.toSet());
        return this;
    }

    /** Names that differ by case are different names. */
    Scene exactNames() {
        portable = false;
        return this;
    }

    Scene busy(String label) {
        busy = Set.of(id(label));
        return this;
    }

    /** The plan has just these operations, in any order. */
    void expect(String... expected) {
        assertEquals(
                String.join("\n", Arrays.stream(expected).sorted().toList()),
                String.join("\n", plan().stream().sorted().toList()));
    }

    /** The plan has just these operations, in this order. */
    void expectInOrder(String... expected) {
        assertEquals(String.join("\n", expected), String.join("\n", plan()));
    }

    List<String> plan() {
        PlanContext context =
                new PlanContext(
                        busy::contains,
                        id -> false,
                        hidden::contains,
                        keptHere::contains,
                        SEQ,
                        canWrite,
                        "nas",
                        Instant.EPOCH,
                        new UUID(1, 1));
        OperationText text = new OperationText(id -> labels.getOrDefault(id, id.toString()));
        return Planner.plan(trees(), labels.keySet(), context).operations().stream().map(text::of).toList();
    }

    private Trees trees() {
        Trees trees = new Trees(new RemoteTree(portable), new LocalTree(), new SyncedTree());
        remote.values().forEach(entry -> trees.remote().put(item(entry)));
        local.values().forEach(entry -> trees.local().put(node(entry)));
        for (Entry entry : base.values()) {
            if (!local.containsKey(entry.label())) {
                trees.local().put(node(entry).withPresence(Presence.ABSENT));
            }
            trees.synced().put(SyncedEntry.of(view(entry, Versions.all(1)), node(entry)));
        }
        return trees;
    }

    private Item item(Entry entry) {
        Entry old = base.get(entry.label());
        if (old == null) {
            return view(entry, Versions.all(SEQ));
        }
        boolean samePlace = old.parent().equals(entry.parent()) && old.name().equals(entry.name());
        return view(
                entry,
                new Versions(
                        old.text().equals(entry.text()) ? 1 : SEQ,
                        samePlace && !entry.restored() ? 1 : SEQ,
                        old.mode() == entry.mode() ? 1 : SEQ));
    }

    private static Item view(Entry entry, Versions versions) {
        return new Item(
                entry.id(),
                entry.parent().map(Scene::id),
                entry.name(),
                entry.kind(),
                entry.text().map(TreeText::content),
                entry.kind().isSymlink() ? entry.text() : Optional.empty(),
                entry.mode(),
                entry.kind().isFile() ? Optional.of(TIME) : Optional.empty(),
                versions,
                false,
                Optional.empty(),
                Item.NO_ATTRS);
    }

    private static LocalNode node(Entry entry) {
        return new LocalNode(
                entry.id(),
                entry.parent().map(Scene::id),
                entry.diskName(),
                entry.kind(),
                new Fingerprint("inode of " + entry.label(), 0, TIME, TIME, entry.mode()),
                entry.hashed() ? entry.text().map(TreeText::content) : Optional.empty(),
                entry.kind().isSymlink() ? entry.text() : Optional.empty(),
                true,
                entry.presence());
    }

    private static ItemId id(String label) {
        return label.isEmpty()
                ? ModelServer.ROOT
                : new ItemId(UUID.nameUUIDFromBytes(label.getBytes(StandardCharsets.UTF_8)));
    }

    /** Reads one text. */
    private static final class Reader {
        private final String text;
        private final Map<String, Entry> entries = new LinkedHashMap<>();
        private int at;

        Reader(String text) {
            this.text = text + "}";
        }

        Map<String, Entry> read() {
            entries.put(
                    "",
                    new Entry(
                            "",
                            Optional.empty(),
                            "",
                            "",
                            Kind.FOLDER,
                            Optional.empty(),
                            0755,
                            Presence.PRESENT,
                            true,
                            false));
            folder("");
            return entries;
        }

        private void folder(String parent) {
            while (text.charAt(at) != '}') {
                if (text.charAt(at) == ' ') {
                    at++;
                } else {
                    entry(parent);
                }
            }
            at++;
        }

        private void entry(String parent) {
            char flag = text.charAt(at);
            Presence presence =
                    switch (flag) {
                        case '?' -> new Presence.Unknown("unreadable");
                        case '!' -> new Presence.Excluded("*.tmp");
                        default -> Presence.PRESENT;
                    };
            at += "?!~^".indexOf(flag) >= 0 ? 1 : 0;
            String head = upTo(" {}=@-%").replace('_', ' ');
            int colon = head.indexOf(':');
            String names = head.substring(colon + 1);
            int bar = names.indexOf('|');
            String name = bar < 0 ? names : names.substring(0, bar);
            String label = colon < 0 ? name : head.substring(0, colon);
            Kind kind =
                    switch (text.charAt(at)) {
                        case '=' -> Kind.FILE;
                        case '-' -> Kind.SYMLINK;
                        case '%' -> new Kind("drawing");
                        default -> Kind.FOLDER;
                    };
            at += kind.isFolder() ? 0 : kind.isSymlink() ? 2 : 1;
            Optional<String> content = kind.isFolder() ? Optional.empty() : Optional.of(upTo(" }@"));
            int mode = kind.isFolder() ? 0755 : 0644;
            if (text.charAt(at) == '@') {
                at++;
                mode = Integer.parseInt(upTo(" {}"), 8);
            }
            String diskName = bar < 0 ? name : names.substring(bar + 1);
            entries.put(
                    label,
                    new Entry(
                            label,
                            Optional.of(parent),
                            name,
                            diskName,
                            kind,
                            content,
                            mode,
                            presence,
                            flag != '~',
                            flag == '^'));
            if (kind.isFolder()) {
                at++;
                folder(label);
            }
        }

        private String upTo(String ends) {
            int from = at;
            while (ends.indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(from, at);
        }
    }
}
