package tinysync.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tinysync.client.engine.Event;
import tinysync.client.folder.Root;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class RootWatchTest {
    @TempDir Path temp;

    private final List<Object> heard = new ArrayList<>();
    private Path folder;
    private Root root;
    private RootWatch watch;

    @BeforeEach
    void open() throws IOException {
        folder = Files.createDirectory(temp.resolve("folder"));
        root = Root.create(folder, Joined.MAIN.id(), "test");
        watch = new RootWatch(root, heard::add, () -> heard.add("replaced"));
    }

    @AfterEach
    void close() {
        watch.close();
        root.close();
    }

    @Test
    void whatIsWrongWithTheRootIsToldOnceEachTimeItIsSomethingElse() throws IOException {
        watch.look();
        Path marker = folder.resolve(".tinysync/root.json");
        Files.move(marker, temp.resolve("marker"));
        watch.look();
        watch.look();
        Files.move(folder, temp.resolve("elsewhere"));
        watch.look();
        Files.move(temp.resolve("elsewhere"), folder);
        Files.move(temp.resolve("marker"), marker);
        watch.look();
        watch.look();
        assertEquals(
                List.of(new Event.RootLost("marker_missing"), new Event.RootLost("missing"), new Event.RootBack()),
                heard);
    }

    @Test
    void anotherFolderWithTheSameMarkerIsToBeOpenedAnew() throws IOException {
        Files.move(folder, temp.resolve("elsewhere"));
        Files.createDirectories(folder.resolve(".tinysync"));
        Files.copy(temp.resolve("elsewhere/.tinysync/root.json"), folder.resolve(".tinysync/root.json"));
        watch.look();
        assertEquals(List.of(new Event.RootLost("replaced"), "replaced"), heard);
    }

    @Test
    void onceClosedItLooksNoMore() throws IOException {
        watch.close();
        Files.move(folder, temp.resolve("elsewhere"));
        watch.look();
        assertEquals(List.of(), heard);
    }
}
