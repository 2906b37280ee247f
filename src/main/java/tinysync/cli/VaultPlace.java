package tinysync.cli;

import tinysync.client.state.Attachment;
import tinysync.client.state.Identity;
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
record VaultPlace(Me.Reach vault, List<String> path) {
    VaultPlace {
        Objects.requireNonNull(vault);
        path = List.copyOf(path);
    }

    static VaultPlace parse(String text, Identity identity, Me me) throws CommandFailure {
        int colon = text.indexOf(':');
        if (colon > 0 && text.lastIndexOf('/', colon) < 0) {
            String name = text.substring(0, colon);
            Optional<Me.Reach> vault =
                    me.vaults().stream()
                            .filter(v -> v.name().equals(name) || v.id().toString().equals(name))
                            .findFirst();
            if (vault.isPresent()) {
                return new VaultPlace(vault.get(), names(text.substring(colon + 1)));
            }
        }
        return inFolder(text, identity, me);
    }

    private static List<String> names(String path) throws CommandFailure {
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

    private static VaultPlace inFolder(String text, Identity identity, Me me) throws CommandFailure {
        Path given = Arguments.path(text);
        // As it was typed first: a link inside the folder is an item of the vault.
        Optional<Path> inside =
                Stream.of(given, withRealParent(given), real(given))
                        .filter(p -> around(p, identity).isPresent())
                        .findFirst();
        Path path = inside.orElse(given);
        Optional<Attachment> attachment = around(path, identity);
        if (attachment.isEmpty()) {
            List<String> known = me.vaults().stream().map(Me.Reach::name).toList();
            if (known.contains(text)) {
                throw CommandFailure.usage("'" + text + "' is a vault: a place in it is written '" + text + ":/'");
            }
            String vaults = String.join(", ", known);
            throw CommandFailure.failed(
                    "'" + text + "' is neither VAULT:/path (there is: " + vaults + ") nor inside an attached folder");
        }
        Me.Reach vault =
                me.vaults().stream()
                        .filter(v -> v.id().equals(attachment.get().vault()))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new CommandFailure(
                                                Exit.REFUSED,
                                                "forbidden",
                                                "this device may no longer reach that vault"));
        List<String> names = new ArrayList<>();
        attachment.get().path().relativize(path).forEach(name -> names.add(name.toString()));
        names.removeIf(String::isEmpty);
        return new VaultPlace(vault, names);
    }

    private static Optional<Attachment> around(Path path, Identity identity) {
        return identity.attachments().stream()
                .filter(attachment -> path.startsWith(attachment.path()))
                .max(Comparator.comparingInt(attachment -> attachment.path().getNameCount()));
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
