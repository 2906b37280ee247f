package tinysync.tree;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What this device's disk holds, as far as it was looked at. Nodes that are known to be absent stay by id until the
 * planner has dealt with them, but no longer hold their name. Not thread-safe.
 */
public final class LocalTree {
    private final Map<ItemId, LocalNode> nodes = new HashMap<>();
    private final Map<ItemId, Map<String, ItemId>> children = new HashMap<>();
    private final Map<String, ItemId> byIdentity = new HashMap<>();

    public Optional<LocalNode> get(ItemId id) {
        return Optional.ofNullable(nodes.get(id));
    }

    public Collection<LocalNode> all() {
        return Collections.unmodifiableCollection(nodes.values());
    }

    /** Names to ids of what lies in a folder, absent ones left out. */
    public Map<String, ItemId> children(ItemId parent) {
        return Collections.unmodifiableMap(children.getOrDefault(parent, Map.of()));
    }

    /** What lies at an exact name on the disk. */
    public Optional<LocalNode> at(ItemId parent, String name) {
        return Optional.ofNullable(children.getOrDefault(parent, Map.of()).get(name)).map(nodes::get);
    }

    /** The node last seen with this local identity. */
    public Optional<LocalNode> byIdentity(String identity) {
        return Optional.ofNullable(byIdentity.get(identity)).map(nodes::get);
    }

    /** Puts a node in place of the older one of the same id, and of what held its name. */
    public void put(LocalNode node) {
        unlink(node.id());
        nodes.put(node.id(), node);
        if (node.isAbsent()) {
            return;
        }
        byIdentity.put(node.fingerprint().identity(), node.id());
        node.parent()
                .ifPresent(
                        parent -> children.computeIfAbsent(parent, p -> new HashMap<>()).put(node.name(), node.id()));
    }

    public void drop(ItemId id) {
        unlink(id);
        nodes.remove(id);
    }

    /** True when the chain of parents from {@code id} (included) meets {@code ancestor}. */
    public boolean isAtOrBelow(ItemId id, ItemId ancestor) {
        Optional<ItemId> at = Optional.of(id);
        for (int depth = 0; at.isPresent() && depth <= nodes.size(); depth++) {
            if (at.get().equals(ancestor)) {
                return true;
            }
            at = get(at.get()).flatMap(LocalNode::parent);
        }
        return false;
    }

    /** True when the node or a folder above it is unreadable or excluded: nothing may be said about it. */
    public boolean isShut(ItemId id) {
        return shutBy(id).isPresent();
    }

    /** The node that is unreadable or excluded, be it the one asked about or the nearest folder above it. */
    public Optional<ItemId> shutBy(ItemId id) {
        Optional<LocalNode> at = get(id);
        while (at.isPresent() && !at.get().isOpaque()) {
            at = at.get().parent().flatMap(this::get);
        }
        return at.map(LocalNode::id);
    }

    /**
     * The path below the root, names joined by {@code /}; {@code ""} for the root. Empty when the node or a folder
     * above is not on the disk.
     */
    public Optional<String> path(ItemId id) {
        Deque<String> names = new ArrayDeque<>();
        LocalNode at = nodes.get(id);
        while (at != null && at.parent().isPresent()) {
            if (at.isAbsent()) {
                return Optional.empty();
            }
            names.addFirst(at.name());
            at = nodes.get(at.parent().get());
        }
        return at == null ? Optional.empty() : Optional.of(String.join("/", names));
    }

    /** The node at a path below the root, walking exact names. */
    public Optional<LocalNode> atPath(ItemId root, String path) {
        Optional<LocalNode> at = get(root);
        if (path.isEmpty()) {
            return at;
        }
        for (String name : path.split("/")) {
            at = at.flatMap(folder -> at(folder.id(), name));
        }
        return at;
    }

    /** How many folders are above the node. */
    public int depth(ItemId id) {
        int depth = 0;
        Optional<ItemId> at = get(id).flatMap(LocalNode::parent);
        while (at.isPresent() && depth <= nodes.size()) {
            depth++;
            at = get(at.get()).flatMap(LocalNode::parent);
        }
        return depth;
    }

    private void unlink(ItemId id) {
        LocalNode old = nodes.get(id);
        if (old == null) {
            return;
        }
        byIdentity.remove(old.fingerprint().identity(), id);
        if (old.parent().isPresent()) {
            Map<String, ItemId> siblings = children.get(old.parent().get());
            if (siblings != null) {
                siblings.remove(old.name(), id);
                if (siblings.isEmpty()) {
                    children.remove(old.parent().get());
                }
            }
        }
    }
}
