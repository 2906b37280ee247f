package tinysync.cli;

import tinysync.client.folder.Root;
import tinysync.client.state.Attachment;
import tinysync.platform.Capabilities;
import tinysync.platform.Dir;
import tinysync.platform.Disk;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The home of a device and the folders that it keeps in sync. */
final class FolderCheck {
    /** What a large download and its bookkeeping want at the least. */
    private static final long SPACE_WANTED = 1L << 30;

    private FolderCheck() {}

    /** What others could read or change there, and how much room there is. */
    static List<Finding> home(Path home) {
        List<Finding> findings = new ArrayList<>();
        findings.add(
                rights(home, "rwx------")
                        .or(() -> rights(home.resolve("identity.json"), "rw-------"))
                        .orElseGet(() -> Finding.ok("home", home + " is this user's alone")));
        findings.add(space(home));
        return findings;
    }

    private static Optional<Finding> rights(Path path, String wanted) {
        try {
            Set<PosixFilePermission> rights = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
            return rights.equals(PosixFilePermissions.fromString(wanted))
                    ? Optional.empty()
                    : Optional.of(
                            Finding.bad(
                                    "home",
                                    path + " has the rights " + PosixFilePermissions.toString(rights),
                                    "chmod " + (wanted.startsWith("rwx") ? "700 " : "600 ") + path));
        } catch (IOException | UnsupportedOperationException notThere) {
            // Before joining there is no identity, and elsewhere rights are another matter.
            return Optional.empty();
        }
    }

    private static Finding space(Path folder) {
        try {
            FileStore store = Files.getFileStore(folder);
            String left = Quantities.shown(store.getUsableSpace()) + " left for " + folder;
            return store.getUsableSpace() >= SPACE_WANTED
                    ? Finding.ok("disk", left)
                    : Finding.advice("disk", "only " + left, "free some, so that downloads find room");
        } catch (IOException failed) {
            return Finding.bad("disk", CommandFailure.inWords(failed), "check that the disk is there and can be read");
        }
    }

    /** The folder of an attachment. */
    static List<Finding> attached(Attachment attachment) {
        String check = "folder '" + attachment.name() + "'";
        Path path = attachment.path();
        if (!Files.isDirectory(path.resolve(Root.OWN_FOLDER))) {
            return List.of(
                    Finding.bad(
                            check,
                            path + (Files.exists(path) ? " is not the folder that was attached" : " is not there"),
                            "bring it back, or say where it is: 'tinysync relocate " + attachment.name() + " DIR'"));
        }
        if (!Files.isWritable(path)) {
            return List.of(Finding.bad(check, path + " cannot be written", "give this user the right to write there"));
        }
        List<Finding> findings = new ArrayList<>();
        try (Dir top = Disk.open(path);
                Dir own = top.openDir(Root.OWN_FOLDER)) {
            findings.add(abilities(check, path, own.capabilities()));
        } catch (IOException failed) {
            findings.add(
                    Finding.bad(check, CommandFailure.inWords(failed), "check the disk and the rights of the folder"));
        }
        findings.add(space(path));
        return findings;
    }

    private static Finding abilities(String check, Path path, Capabilities can) {
        List<String> lacks = new ArrayList<>();
        if (!can.exchange()) {
            lacks.add("exchange files at once");
        }
        if (!can.handles()) {
            lacks.add("tell files apart for ever");
        }
        if (!can.leases()) {
            lacks.add("tell who writes a file");
        }
        return lacks.isEmpty()
                ? Finding.ok(check, path + ": its file system can do all that is needed")
                : Finding.advice(
                        check,
                        path + " works, but its file system cannot " + String.join(", ", lacks),
                        "ext4, xfs and btrfs can; see docs/KNOWN-GAPS.md for what that means");
    }
}
