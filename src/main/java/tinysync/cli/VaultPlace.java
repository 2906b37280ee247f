package tinysync.cli;

import tinysync.client.remote.RemoteException;
import tinysync.wire.Me;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A place in a vault: {@code VAULT:/path}, or a path inside a folder that shows one.
 *
 * @param path the names from the vault's root on
 */
record VaultPlace(Servers.Server server, Me.Reach vault, List<String> path) {
    VaultPlace {
        Objects.requireNonNull(server);
        Objects.requireNonNull(vault);
        path = List.copyOf(path);
    }

    static VaultPlace parse(String text, Servers servers) throws CommandFailure, RemoteException {
        int colon = text.indexOf(':');
        if (colon > 0 && text.lastIndexOf('/', colon) < 0) {
            Optional<Servers.Found> found = servers.vault(text.substring(0, colon));
            if (found.isPresent()) {
                return new VaultPlace(found.get().server(), found.get().vault(), names(text.substring(colon + 1)));
            }
        }
        return inFolder(text, servers);
    }

    /** The names of a path in a vault, from its root on. */
    static List<String> names(String path) throws CommandFailure {
        List<String> names = new ArrayList<>();
        for (String name : path.split("/")) {
            if (name.equals("..")) {
                throw CommandFailure.usage("'..' has no meaning in a vault: " + path);
            }
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return names;
    }

    private static VaultPlace inFolder(String text, Servers servers) throws CommandFailure, RemoteException {
        Path given = Arguments.path(text);
        // As it was typed first: a link inside the folder is an item of the vault.
        Optional<Path> inside =
                Stream.of(given, withRealParent(given), real(given))
                        .filter(p -> around(p, servers).isPresent())
                        .findFirst();
        Path path = inside.orElse(given);
        Optional<Servers.Attached> attached = around(path, servers);
        if (attached.isEmpty()) {
            if (servers.vault(text).isPresent()) {
                throw CommandFailure.usage("'" + text + "' is a vault: a place in it is written '" + text + ":/'");
            }
            throw CommandFailure.failed(
                    "'"
                            + text
                            + "' is neither VAULT:/path (there is: "
                            + servers.vaultNames()
                            + ") nor inside an attached folder");
        }
        List<String> names = new ArrayList<>();
        attached.get().attachment().path().relativize(path).forEach(name -> names.add(name.toString()));
        names.removeIf(String::isEmpty);
        return new VaultPlace(attached.get().server(), attached.get().vault(), names);
    }

    private static Optional<Servers.Attached> around(Path path, Servers servers) {
        return servers.attachments().stream()
                .filter(one -> path.startsWith(one.attachment().path()))
                .max(Comparator.comparingInt(one -> one.attachment().path().getNameCount()));
    }

    private static Path withRealParent(Path path) {
        return path.getParent() == null ? path : real(path.getParent()).resolve(path.getFileName());
    }

    /** Without symbolic links in what of it exists. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException absent) {
            return withRealParent(path);
        }
    }
}
