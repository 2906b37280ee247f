package tinysync.client;

import tinysync.client.folder.Root;
import tinysync.client.state.Attachment;
import tinysync.client.state.Home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Where a folder may be kept in sync: never inside another one, around it, or beside the home's secrets. */
final class Nesting {
    private final Home home;
    private final List<Attachment> others;

    /**
     * @param others what is attached elsewhere
     */
    Nesting(Home home, List<Attachment> others) {
        this.home = Objects.requireNonNull(home);
        this.others = List.copyOf(others);
    }

    static Path marker(Path root) {
        return root.resolve(Root.OWN_FOLDER).resolve("root.json");
    }

    /** Makes the folder; nothing is made where it must not be, since another program may sync what is made there. */
    Path make(Path folder) throws IOException, Membership.NotPossibleException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new Membership.NotPossibleException(folder + " is not a folder: choose another one");
        }
        refuse(whereItWouldBe(folder));
        Files.createDirectories(folder);
        Path path = folder.toRealPath();
        refuse(path);
        return path;
    }

    /** The path without links, as far as it exists. */
    static Path whereItWouldBe(Path folder) throws IOException {
        Path wanted = folder.toAbsolutePath().normalize();
        Path there = wanted;
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        return there.toRealPath().resolve(there.relativize(wanted)).normalize();
    }

    /** That a folder of ours may be there. */
    void refuse(Path path) throws IOException, Membership.NotPossibleException {
        List<Path> taken = new ArrayList<>(others.stream().map(Attachment::path).toList());
        if (taken.contains(path)) {
            throw new Membership.NotPossibleException(isSynced(path));
        }
        taken.add(home.path().toRealPath());
        for (Path other : taken) {
            if (path.startsWith(other) || other.startsWith(path)) {
                throw new Membership.NotPossibleException(
                        "folders cannot be inside one another: " + path + " and " + other + "; choose another folder");
            }
        }
        refuseInsideAnother(path, Optional.ofNullable(path.getParent()));
    }

    /**
     * A folder that another home keeps in sync would send what lies in it to its vault: files twice, or our token.
     *
     * @param from the nearest folder that must not be kept in sync
     */
    static void refuseInsideAnother(Path path, Optional<Path> from) throws Membership.NotPossibleException {
        for (Path at = from.orElse(null); at != null; at = at.getParent()) {
            if (Files.exists(marker(at))) {
                throw new Membership.NotPossibleException(
                        at.equals(path)
                                ? isSynced(path)
                                : path
                                        + " lies inside "
                                        + at
                                        + ", which is kept in sync already: choose another folder");
            }
        }
    }

    private static String isSynced(Path path) {
        return path + " is kept in sync already: choose another folder";
    }
}
