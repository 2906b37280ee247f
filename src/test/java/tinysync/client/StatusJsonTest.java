package tinysync.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.eclipsesource.json.Json;

import org.junit.jupiter.api.Test;

import tinysync.client.engine.StatusView;
import tinysync.client.engine.StatusView.State;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

class StatusJsonTest {
    private static StatusView view(int parked) {
        return new StatusView(
                State.HELD,
                981,
                982,
                12345,
                987654321,
                1,
                2,
                3,
                4,
                5,
                IntStream.range(0, parked)
                        .mapToObj(i -> new StatusView.Parked("docs/x", "permission_denied", "no"))
                        .toList(),
                parked,
                List.of(new StatusView.Disguised("A.TXT", "A (case twin).TXT")),
                Optional.of(new StatusView.Held("h", "mass_delete", "up", 4100, 0, List.of("photos/1.jpg"))));
    }

    @Test
    void anAttachmentLooksAsTheFormatSays() {
        String expected =
                """
                {"name":"main","vault":"v","server":"http://h","role":"manage","mode":"folder",
                 "path":"/home/me/TinySync","state":"held",
                 "seq":{"local":981,"server":982},"items":12345,"bytes":987654321,
                 "pending":{"up_items":1,"up_bytes":2,"down_items":3,"down_bytes":4},
                 "rate":{"up_bytes_s":6,"down_bytes_s":7},"conflicts":5,
                 "parked":[{"path":"docs/x","code":"permission_denied","message":"no"}],"parked_total":1,
                 "disguised":[{"path":"A.TXT","vault_name":"A (case twin).TXT"}],
                 "held":{"id":"h","reason":"mass_delete","direction":"up","deletes":4100,"overwrites":0,
                         "examples":["photos/1.jpg"]}}
                """;
        var attached =
                new StatusJson.Attached("main", "v", "http://h", "manage", Path.of("/home/me/TinySync"), view(1), 6, 7);
        assertEquals(Json.parse(expected), attached.encode());
    }

    @Test
    void listsHoldAHundredAndSayHowManyThereAre() {
        var json = new StatusJson.Attached("main", "v", "http://h", "read", Path.of("/x"), view(150), 0, 0).encode();
        assertEquals(100, json.get("parked").asArray().size());
        assertEquals(150, json.getInt("parked_total", 0));
    }

    @Test
    void withoutAHoldThereIsNone() {
        var bare = StatusJson.bare(State.OFFLINE, Optional.empty(), Optional.empty());
        assertEquals(
                null,
                new StatusJson.Attached("a", "v", "http://h", "read", Path.of("/x"), bare, 0, 0).encode().get("held"));
    }

    @Test
    void theWorstStateSpeaksForAll() {
        assertEquals("synced", StatusJson.worst(List.of()));
        StatusView offline = StatusJson.bare(State.OFFLINE, Optional.empty(), Optional.empty());
        assertEquals("held", StatusJson.worst(List.of(offline, view(0), offline)));
        assertEquals("offline", StatusJson.worst(List.of(offline)));
    }
}
