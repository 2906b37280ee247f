package tinysync.sim;

import tinysync.client.engine.StatusView;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.SyncedEntry;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What must hold when everyone is online and quiet: all devices and the server show the same, but for disguised names.
 */
final class Agreement {
    private final World world;

    Agreement(World world) {
        this.world = world;
    }

    void check() {
        Map<String, String> vault = new TreeMap<>();
        Map<ItemId, String> paths = new TreeMap<>();
        for (Item item : world.server.living()) {
            String path = path(item, paths);
            paths.put(item.id(), path);
            vault.put(path, image(item));
        }
        for (Device device : world.devices()) {
            require(device.state() == StatusView.State.SYNCED, device.name() + " is " + device.state());
            require(device.status().parked().isEmpty(), device.name() + " has parked items");
            // One that was lost on its way may still arrive, as far as the device knows.
            require(
                    device.durableOps() == 0 || device.lostCommits(),
                    device.name() + " still remembers " + device.durable().ops());
            checkLocal(device);
            Map<String, String> shown = shown(device);
            if (!vault.equals(shown)) {
                fail(device.name() + " differs from the vault:\n" + difference(vault, shown));
            }
        }
    }

    private static String path(Item item, Map<ItemId, String> paths) {
        String folder = paths.get(item.parent().orElseThrow());
        return folder == null ? item.name() : folder + "/" + item.name();
    }

    private String image(Item item) {
        if (item.kind().isFolder()) {
            return "/ " + Integer.toOctalString(item.mode());
        }
        if (item.kind().isSymlink()) {
            return "->" + item.target().orElseThrow();
        }
        return "="
                + world.texts.text(item.content().orElseThrow())
                + " "
                + Integer.toOctalString(item.mode())
                + " "
                + item.mtime().orElseThrow();
    }

    /** The Local tree of the engine is the disk. */
    private void checkLocal(Device device) {
        Set<String> local = new TreeSet<>();
        for (LocalNode node : device.durable().local().values()) {
            require(node.isPresent(), device.name() + " still remembers " + node);
            if (node.parent().isPresent()) {
                local.add(diskPath(device, node));
            }
        }
        Set<String> disk = new TreeSet<>(device.disk().paths());
        if (!local.equals(disk)) {
            fail(device.name() + " believes the disk holds " + local + " but it is " + disk);
        }
    }

    private static String diskPath(Device device, LocalNode node) {
        LocalNode parent = device.durable().local().get(node.parent().orElseThrow());
        return parent.parent().isEmpty() ? node.name() : diskPath(device, parent) + "/" + node.name();
    }

    /** What is on the disk, under the names of the vault. */
    private static Map<String, String> shown(Device device) {
        Map<String, String> shown = new TreeMap<>();
        for (LocalNode node : device.durable().local().values()) {
            if (node.parent().isPresent()) {
                shown.put(vaultPath(device, node), image(device.disk(), diskPath(device, node)));
            }
        }
        return shown;
    }

    private static String image(ModelDisk disk, String path) {
        if (disk.isFolder(path)) {
            return "/ " + Integer.toOctalString(disk.mode(path));
        }
        return disk.isFile(path)
                ? "=" + disk.read(path) + " " + Integer.toOctalString(disk.mode(path)) + " " + disk.mtime(path)
                : "->" + disk.read(path);
    }

    private static String vaultPath(Device device, LocalNode node) {
        Optional<SyncedEntry> entry = Optional.ofNullable(device.durable().synced().get(node.id()));
        String name = entry.flatMap(SyncedEntry::place).map(place -> place.name()).orElse(node.name());
        LocalNode parent = device.durable().local().get(node.parent().orElseThrow());
        return parent.parent().isEmpty() ? name : vaultPath(device, parent) + "/" + name;
    }

    private static String difference(Map<String, String> vault, Map<String, String> shown) {
        StringBuilder text = new StringBuilder();
        Set<String> all = new TreeSet<>(vault.keySet());
        all.addAll(shown.keySet());
        for (String path : all) {
            if (!Optional.ofNullable(vault.get(path)).equals(Optional.ofNullable(shown.get(path)))) {
                text.append("  ").append(path).append(": vault ").append(vault.get(path));
                text.append(", disk ").append(shown.get(path)).append('\n');
            }
        }
        return text.toString();
    }

    private void require(boolean good, String fault) {
        if (!good) {
            fail(fault);
        }
    }

    private void fail(String fault) {
        throw new AssertionError(fault + "\n" + world.describe());
    }
}
