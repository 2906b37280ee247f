package tinysync.client;

import tinysync.client.folder.Root;
import tinysync.client.folder.RootState;
import tinysync.client.folder.UnusableRootException;
import tinysync.client.state.Account;
import tinysync.client.state.Attachment;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.platform.Dir;
import tinysync.platform.Disk;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/**
 * Gives an attachment that is not running another place, without any transfer: its folder is renamed to there, or was
 * moved there already, which its marker tells. Cut off between the rename and the note of it, the same again notes it.
 */
public final class Relocation {
    private final Home home;

    public Relocation(Home home) {
        this.home = Objects.requireNonNull(home);
    }

    /**
     * @param folder where it is from now on; the folder itself must not exist, or be the attachment's
     * @return the attachment at its new place, durably
     */
    public Attachment move(Account account, Attachment attachment, Path folder)
            throws IOException, Membership.NotPossibleException {
        List<Attachment> others =
                home.identities().stream()
                        .map(Identity::attachments)
                        .flatMap(List::stream)
                        .filter(other -> !other.id().equals(attachment.id()))
                        .toList();
        Path wanted = Nesting.whereItWouldBe(folder);
        if (wanted.startsWith(attachment.path()) && !wanted.equals(attachment.path())) {
            throw new Membership.NotPossibleException(
                    wanted + " lies inside " + attachment.path() + ": choose another place");
        }
        new Nesting(home, others).refuse(wanted);
        if (!isHere(wanted, attachment)) {
            rename(attachment, wanted);
        } else if (isHere(attachment.path(), attachment) && !attachment.path().equals(wanted)) {
            throw new Membership.NotPossibleException(
                    wanted
                            + " and "
                            + attachment.path()
                            + " are both marked as '"
                            + attachment.name()
                            + "': one is a copy; remove "
                            + Root.OWN_FOLDER
                            + " from the one that is not to be synced");
        }
        Attachment moved = attachment.withPath(wanted.toRealPath());
        account.update(now -> now.with(moved));
        return moved;
    }

    private static boolean isHere(Path path, Attachment attachment) throws IOException {
        try (Root _ = Root.open(path, attachment.vault(), attachment.id().toString())) {
            return true;
        } catch (UnusableRootException not) {
            return not.state() instanceof RootState.ReadOnly;
        }
    }

    private static void rename(Attachment attachment, Path to) throws IOException, Membership.NotPossibleException {
        Path from = attachment.path();
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            throw new Membership.NotPossibleException(
                    to
                            + " exists and is not the folder of '"
                            + attachment.name()
                            + "': say a place that is free, or where its folder was moved to");
        }
        if (!isHere(from, attachment)) {
            throw new Membership.NotPossibleException(
                    "the folder of '" + attachment.name() + "' is not at " + from + ": say where it is now");
        }
        Files.createDirectories(to.getParent());
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException otherFilesystem) {
            throw new Membership.NotPossibleException(
                    to
                            + " is on another file system: move the folder there yourself, for instance with mv while"
                            + " the client is stopped, and then say this again");
        }
        for (Path parent : List.of(from.getParent(), to.getParent())) {
            try (Dir open = Disk.open(parent)) {
                open.fsync();
            }
        }
    }
}
