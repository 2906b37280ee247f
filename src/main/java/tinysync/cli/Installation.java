package tinysync.cli;

import tinysync.content.Hash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Files that were put into a user's folders, and a receipt of them: a line each, its content's SHA-256 and its path; of
 * a link {@code link-} and the SHA-256 of where it leads; {@code folder} and the path of a folder that was made. What
 * somebody changed since is not ours any more.
 */
final class Installation {
    private static final String FOLDER = "folder";
    private static final String LINK = "link-";

    private final Path receipt;
    private final Map<Path, String> made = new LinkedHashMap<>();

    private Installation(Path receipt) {
        this.receipt = Objects.requireNonNull(receipt);
    }

    /** What the receipt tells; nothing where there is none. */
    static Installation read(Path receipt) throws IOException {
        Installation installation = new Installation(receipt);
        try {
            for (String line : Files.readAllLines(receipt)) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    installation.made.put(Path.of(line.substring(space + 1)), line.substring(0, space));
                }
            }
        } catch (NoSuchFileException none) {
            return installation;
        }
        return installation;
    }

    boolean isEmpty() {
        return made.isEmpty();
    }

    /** Files that are there and were not put there by us, or were changed since. */
    List<Path> strangers(Iterable<Path> wanted) throws IOException {
        List<Path> strangers = new ArrayList<>();
        for (Path file : wanted) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isOurs(file)) {
                strangers.add(file);
            }
        }
        return strangers;
    }

    private boolean isOurs(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            return link(Files.readSymbolicLink(file)).equals(made.get(file));
        }
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Hash.of(Files.readAllBytes(file)).hex().equals(made.get(file));
    }

    private static String link(Path target) {
        return LINK + Hash.of(target.toString().getBytes(StandardCharsets.UTF_8)).hex();
    }

    /** Makes a symbolic link, noted as a file is. */
    void link(Path file, Path target) throws IOException {
        makeFolders(file.getParent());
        made.put(file, link(target));
        note();
        Files.deleteIfExists(file);
        Files.createSymbolicLink(file, target);
    }

    /** Puts a file there, whole or not at all; noted first, so that nothing is left behind by a kill. */
    void put(Path file, byte[] content, boolean program) throws IOException {
        makeFolders(file.getParent());
        made.put(file, Hash.of(content).hex());
        note();
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        Files.write(part, content);
        Files.setPosixFilePermissions(part, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void makeFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            makeFolders(folder.getParent());
            Files.createDirectory(folder);
            made.put(folder, FOLDER);
        }
    }

    private void note() throws IOException {
        StringBuilder text = new StringBuilder();
        made.forEach((path, what) -> text.append(what).append(' ').append(path).append('\n'));
        makeFolders(receipt.getParent());
        Path part = receipt.resolveSibling(receipt.getFileName() + ".part");
        Files.writeString(part, text, StandardCharsets.UTF_8);
        Files.move(part, receipt, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Removes what was put there, and folders that were made for it and are empty now.
     *
     * @return files that somebody changed; they stay
     */
    List<Path> remove() throws IOException {
        List<Path> changed = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        for (Map.Entry<Path, String> entry : made.entrySet()) {
            Path path = entry.getKey();
            if (entry.getValue().equals(FOLDER)) {
                folders.addFirst(path);
            } else if (isOurs(path)) {
                Files.delete(path);
            } else if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                changed.add(path);
            }
        }
        Files.deleteIfExists(receipt);
        for (Path folder : folders) {
            removeIfEmpty(folder);
        }
        return changed;
    }

    private static void removeIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException used) {
            System.getLogger("tinysync.cli")
                    .log(System.Logger.Level.DEBUG, "others use it by now: " + used.getMessage());
        }
    }
}
