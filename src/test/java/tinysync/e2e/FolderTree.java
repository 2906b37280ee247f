package tinysync.e2e;

import tinysync.content.Hash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder as a person compares it: names, bytes, time stamps, modes; without what is ours. */
public record FolderTree(Map<String, String> entries) {
    public static FolderTree of(Path root) {
        Map<String, String> entries = new TreeMap<>();
        try {
            Files.walkFileTree(
                    root,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
                                throws IOException {
                            if (dir.getFileName().toString().equals(".tinysync")) {
                                return FileVisitResult.SKIP_SUBTREE;
                            }
                            if (!dir.equals(root)) {
                                entries.put(root.relativize(dir).toString(), "folder " + mode(dir));
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                            String shown =
                                    attributes.isSymbolicLink()
                                            ? "link " + Files.readSymbolicLink(file)
                                            : "file "
                                                    + mode(file)
                                                    + " "
                                                    + attributes.lastModifiedTime()
                                                    + " "
                                                    + Hash.of(Files.readAllBytes(file));
                            entries.put(root.relativize(file).toString(), shown);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new FolderTree(entries);
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    /** How many bytes the files have. */
    static long bytes(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            long sum = 0;
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Paths whose last name marks them as a conflict copy. */
    List<String> conflictCopies() {
        return entries.keySet().stream().filter(path -> path.contains("(conflicted copy")).toList();
    }

    /** The first differences to another folder, or empty when they are the same. */
    public Optional<String> differenceTo(FolderTree other) {
        StringBuilder text = new StringBuilder();
        entries.forEach(
                (path, shown) -> {
                    String there = other.entries.get(path);
                    if (!shown.equals(there) && text.length() < 2_000) {
                        text.append(path).append(": ").append(shown).append(" <> ").append(there).append('\n');
                    }
                });
        other.entries.keySet().stream()
                .filter(path -> !entries.containsKey(path))
                .limit(20)
                .forEach(path -> text.append(path).append(": only there\n"));
        return text.isEmpty() ? Optional.empty() : Optional.of(text.toString());
    }
}
