package tinysync.sim;

import tinysync.client.engine.Slot;
import tinysync.tree.Fingerprint;
import tinysync.tree.Kind;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A folder on a disk: what a person and programs do to it, and what a stat would say. Every change is told to the
 * watcher. Paths are names joined by {@code /}; a wrong use (no such file, name taken) is an error of the test.
 */
public final class ModelDisk {
    /** A file, folder or link; it may have several names. */
    static final class Node {
        final String identity;
        final Kind kind;
        final Map<String, Node> entries = new TreeMap<>();
        String text = "";
        int mode;
        Instant mtime;
        Instant ctime;
        boolean readable = true;

        Node(String identity, Kind kind, int mode, Instant now) {
            this.identity = identity;
            this.kind = kind;
            this.mode = mode;
            mtime = now;
            ctime = now;
        }

        /** For a link the target, for a file its content. */
        String text() {
            return text;
        }

        Fingerprint fingerprint() {
            return new Fingerprint(identity, kind.isFolder() ? 0 : Texts.size(text), mtime, ctime, mode);
        }
    }

    private final Clock clock;
    private final Consumer<Slot> watcher;
    private final String prefix;
    private final Node root;
    private final Map<String, Node> hidden = new HashMap<>();
    private long inodes;
    private long changes;

    ModelDisk(String prefix, Clock clock, Consumer<Slot> watcher) {
        this.prefix = prefix;
        this.clock = clock;
        this.watcher = watcher;
        this.root = node(Kind.FOLDER, 0755);
    }

    Node node(Kind kind, int mode) {
        return new Node(prefix + ++inodes, kind, mode, clock.now());
    }

    /** Grows with every change. */
    public long changes() {
        return changes;
    }

    // What a person does.

    public void mkdir(String path) {
        add(path, node(Kind.FOLDER, 0755));
    }

    /** Makes a file, or writes anew into the one that is there. */
    public void write(String path, String text) {
        Optional<Node> there = find(path);
        Node file = there.orElseGet(() -> node(Kind.FILE, 0644));
        file.text = text;
        file.mtime = clock.now();
        file.ctime = clock.now();
        if (there.isEmpty()) {
            add(path, file);
        } else {
            tell(slot(path));
        }
    }

    /** Makes all that a text as {@link #toString} gives it says; no content may have a space in it. */
    public void plant(String tree) {
        String folder = "";
        String closed = tree.replaceAll("/(?=[ }]|$)", "/{}").replace("}", " }");
        for (String word : closed.split("[ {]+")) {
            if (word.equals("}")) {
                folder = slot(folder).folder();
            } else if (word.endsWith("/")) {
                folder = new Slot(folder, word.substring(0, word.length() - 1)).path();
                mkdir(folder);
            } else if (word.contains("->")) {
                String[] link = word.split("->");
                symlink(new Slot(folder, link[0]).path(), link[1]);
            } else if (!word.isEmpty()) {
                String[] file = word.split("=");
                write(new Slot(folder, file[0]).path(), file[1]);
            }
        }
    }

    public void symlink(String path, String target) {
        Node link = node(Kind.SYMLINK, 0777);
        link.text = target;
        add(path, link);
    }

    /** A second name for the same file. */
    public void link(String path, String other) {
        add(other, at(path));
    }

    public void chmod(String path, int mode) {
        Node node = at(path);
        node.mode = mode;
        node.ctime = clock.now();
        tell(slot(path));
    }

    public void touch(String path) {
        Node node = at(path);
        node.mtime = clock.now();
        node.ctime = clock.now();
        tell(slot(path));
    }

    /** As {@code rename(2)}: a file or an empty folder at the target is replaced. */
    public void move(String from, String to) {
        Optional<Node> there = find(to);
        require(there.isEmpty() || there.get().entries.isEmpty(), "not empty: " + to);
        there.ifPresent(gone -> remove(slot(to)));
        rename(slot(from), slot(to));
    }

    /** The two swap places. */
    public void exchange(String a, String b) {
        exchange(slot(a), slot(b));
    }

    /** A file, or a folder with all in it. */
    public void delete(String path) {
        Node node = at(path);
        for (String name : List.copyOf(node.entries.keySet())) {
            delete(path + "/" + name);
        }
        remove(slot(path));
    }

    /** Takes something out of the tree, to where nobody looks, until {@link #unhide}. */
    public void hide(String path) {
        hidden.put(path, remove(slot(path)));
    }

    public void unhide(String path) {
        add(path, hidden.remove(path));
    }

    /** From now on (or no longer) nothing can be read in this folder. */
    public void lock(String path, boolean locked) {
        at(path).readable = !locked;
        tell(slot(path));
    }

    public boolean exists(String path) {
        return find(path).isPresent();
    }

    public String read(String path) {
        return at(path).text();
    }

    public int mode(String path) {
        return at(path).mode;
    }

    public Instant mtime(String path) {
        return at(path).mtime;
    }

    public boolean isFolder(String path) {
        return at(path).kind.isFolder();
    }

    public boolean isFile(String path) {
        return at(path).kind.isFile();
    }

    /** All paths, folders before what is in them. */
    public List<String> paths() {
        List<String> paths = new ArrayList<>();
        collect("", root, paths);
        return paths;
    }

    private static void collect(String path, Node folder, List<String> paths) {
        folder.entries.forEach(
                (name, node) -> {
                    String at = new Slot(path, name).path();
                    paths.add(at);
                    collect(at, node, paths);
                });
    }

    /** The tree as text: {@code a.txt=1 docs/{b.txt=2} l->a.txt}. */
    @Override
    public String toString() {
        return text(root);
    }

    private static String text(Node folder) {
        List<String> words = new ArrayList<>();
        folder.entries.forEach((name, node) -> words.add(name + value(node)));
        return String.join(" ", words);
    }

    private static String value(Node node) {
        if (node.kind.isFolder()) {
            return node.entries.isEmpty() ? "/" : "/{" + text(node) + "}";
        }
        return (node.kind.isSymlink() ? "->" : "=") + node.text;
    }

    // What the hands of the engine need.

    static Slot slot(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? new Slot("", path) : new Slot(path.substring(0, slash), path.substring(slash + 1));
    }

    /** The folder at a path, never through links; empty when there is none. */
    Optional<Node> folder(String path) {
        if (path.isEmpty()) {
            return Optional.of(root);
        }
        Optional<Node> at = Optional.of(root);
        for (String name : path.split("/")) {
            at = at.filter(folder -> folder.readable).map(folder -> folder.entries.get(name));
        }
        return at.filter(node -> node.kind.isFolder());
    }

    Optional<Node> find(Slot slot) {
        return folder(slot.folder()).map(folder -> folder.entries.get(slot.name()));
    }

    private Optional<Node> find(String path) {
        return find(slot(path));
    }

    private Node at(String path) {
        return find(path).orElseThrow(() -> new AssertionError("nothing at " + path));
    }

    void add(Slot slot, Node node) {
        Node folder = folder(slot.folder()).orElseThrow(() -> new AssertionError("no folder " + slot.folder()));
        require(folder.entries.putIfAbsent(slot.name(), node) == null, "taken: " + slot);
        moved(folder, slot);
    }

    private void add(String path, Node node) {
        add(slot(path), node);
    }

    Node remove(Slot slot) {
        Node folder = folder(slot.folder()).orElseThrow();
        Node gone = folder.entries.remove(slot.name());
        moved(folder, slot);
        return gone;
    }

    void rename(Slot from, Slot to) {
        Node node = remove(from);
        node.ctime = clock.now();
        add(to, node);
    }

    void exchange(Slot a, Slot b) {
        Node first = remove(a);
        Node second = remove(b);
        first.ctime = clock.now();
        second.ctime = clock.now();
        add(b, first);
        add(a, second);
    }

    void setMeta(Slot slot, int mode, Optional<Instant> mtime) {
        Node node = find(slot).orElseThrow();
        node.mode = mode;
        mtime.ifPresent(time -> node.mtime = time);
        node.ctime = clock.now();
        tell(slot);
    }

    private void moved(Node folder, Slot slot) {
        folder.mtime = clock.now();
        folder.ctime = clock.now();
        tell(slot);
    }

    private void tell(Slot slot) {
        changes++;
        watcher.accept(slot);
    }

    private static void require(boolean good, String fault) {
        if (!good) {
            throw new AssertionError(fault);
        }
    }
}
