package tinysync.client.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.DiskEntry;
import tinysync.client.engine.Listing;
import tinysync.tree.Kind;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class FolderListerTest {
    @TempDir Path temp;

    private World world;

    @BeforeEach
    void open() throws Exception {
        world = new World(temp);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Listing.Whole whole(String path) {
        return assertInstanceOf(Listing.Whole.class, world.lister.list(path));
    }

    private List<String> lines(String path) {
        return whole(path).entries().stream()
                .map(
                        entry ->
                                switch (entry) {
                                    case DiskEntry.Seen seen ->
                                            seen.kind()
                                                    + " "
                                                    + seen.name()
                                                    + seen.target().map(t -> " " + t).orElse("");
                                    case DiskEntry.Problem problem ->
                                            "problem " + problem.name() + " " + problem.reason();
                                })
                .sorted()
                .toList();
    }

    @Test
    void filesFoldersAndLinksAreSeenAndOurFolderIsNot() throws Exception {
        world.write("a.txt", "abc");
        world.write("docs/.tinysync", "only the root's is ours");
        Files.createSymbolicLink(temp.resolve("link"), Path.of("../nowhere/at all"));
        assertEquals(List.of("file a.txt", "folder docs", "symlink link ../nowhere/at all"), lines(""));
        assertEquals(List.of("file .tinysync"), lines("docs"));
        DiskEntry.Seen file =
                (DiskEntry.Seen)
                        whole("").entries().stream()
                                .filter(entry -> entry.name().equals("a.txt"))
                                .findFirst()
                                .orElseThrow();
        assertEquals(Kind.FILE, file.kind());
        assertEquals(3, file.fingerprint().size());
    }

    @Test
    void pipesAndSocketsAreProblemsAndNeverOpened() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", temp.resolve("pipe").toString()).start().waitFor());
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(temp.resolve("socket")));
            assertEquals(List.of("problem pipe special_file", "problem socket special_file"), lines(""));
        }
    }

    @Test
    void aNameThatIsNotUtf8IsAProblem() throws Exception {
        String make = "touch \"$0/$(printf 'bad\\377')\"";
        assertEquals(0, new ProcessBuilder("sh", "-c", make, temp.toString()).start().waitFor());
        assertEquals(List.of("problem bad\\xff name_not_utf8"), lines(""));
    }

    @Test
    void whatIsNoFolderIsMissing() throws Exception {
        world.write("a.txt", "x");
        world.write("elsewhere/etc/x", "x");
        Files.createSymbolicLink(temp.resolve("link"), temp.resolve("elsewhere"));
        assertEquals(new Listing.Missing(), world.lister.list("gone"));
        assertEquals(new Listing.Missing(), world.lister.list("a.txt"));
        assertEquals(new Listing.Missing(), world.lister.list("link"));
        assertEquals(new Listing.Missing(), world.lister.list("link/etc"));
    }

    @Test
    void ignoreRulesAreGivenWhenTheyAreReadableText() throws Exception {
        world.write("a/.tinysyncignore", "*.o\n");
        world.write("b/.tinysyncignore", "x".repeat(65_537));
        world.write("c/x", "");
        Files.write(temp.resolve("c/.tinysyncignore"), new byte[] {(byte) 0xff});
        world.write("d/x", "");
        Files.createSymbolicLink(temp.resolve("d/.tinysyncignore"), temp.resolve("a/.tinysyncignore"));
        assertEquals(Optional.of("*.o\n"), whole("a").ignoreRules());
        for (String none : new String[] {"b", "c", "d", ""}) {
            assertEquals(Optional.empty(), whole(none).ignoreRules(), none);
        }
    }

    @Test
    void theFoldersOwnIdentitySurvivesARename() throws Exception {
        Files.createDirectory(temp.resolve("a"));
        String before = whole("a").folder().identity();
        Files.move(temp.resolve("a"), temp.resolve("b"));
        assertEquals(before, whole("b").folder().identity());
        Files.createDirectory(temp.resolve("a"));
        assertTrue(!before.equals(whole("a").folder().identity()));
    }
}
