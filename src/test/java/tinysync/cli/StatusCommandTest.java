package tinysync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.Test;

import java.util.List;

class StatusCommandTest {
    private static JsonObject attachment(String state) {
        return Json.parse(
                        """
                        {"name":"main","path":"/d","state":"%s","items":1,"bytes":12,"conflicts":0,
                         "pending":{"up_items":0,"up_bytes":0,"down_items":2,"down_bytes":3000},
                         "rate":{"up_bytes_s":0,"down_bytes_s":1024},"parked":[],"parked_total":0,"disguised":[]}
                        """
                                .formatted(state))
                .asObject();
    }

    private static JsonObject object(String json) {
        return Json.parse(json).asObject();
    }

    @Test
    void aSyncedFolderIsOneSentence() {
        assertEquals(
                List.of("main (/d): all is synced (1 item, 12 B)"),
                StatusCommand.sentences(attachment("synced"), false));
    }

    @Test
    void ofSeveralServersEachSentenceNamesItsOwn() {
        JsonObject attachment = attachment("synced").add("server", "https://nas.local");
        assertEquals(
                List.of("main (/d, at https://nas.local): all is synced (1 item, 12 B)"),
                StatusCommand.sentences(attachment, true));
    }

    @Test
    void whatIsLeftOutIsListedAndNotCalledSynced() {
        JsonObject attachment = attachment("synced").set("parked_total", 7);
        attachment
                .get("parked")
                .asArray()
                .add(object("{\"path\":\"pi\\u001bpe\",\"code\":\"special_file\",\"message\":\"no\"}"));
        assertEquals(
                List.of(
                        "main (/d): all else is synced (1 item, 12 B)",
                        "  not synced: pi?pe: no",
                        "  and 6 more: 'tinysync status --json'"),
                StatusCommand.sentences(attachment, false));
    }

    @Test
    void whatIsWrongWithTheVaultAsAWholeIsTold() {
        JsonObject attachment = attachment("error").set("parked_total", 1);
        attachment
                .get("parked")
                .asArray()
                .add(object("{\"path\":\"\",\"code\":\"server_inconsistent\",\"message\":\"odd\"}"));
        assertEquals(List.of("main (/d): stopped by an error", "  odd"), StatusCommand.sentences(attachment, false));
        assertEquals(
                List.of("main (/d): stopped by an error: see the client's output"),
                StatusCommand.sentences(attachment("error"), false));
    }

    @Test
    void namesUnderDisguiseAreTold() {
        JsonObject attachment = attachment("synced");
        attachment.get("disguised").asArray().add(object("{\"path\":\"A.TXT\",\"vault_name\":\"A (case twin).TXT\"}"));
        assertEquals(
                "  A.TXT is named 'A (case twin).TXT' in the vault", StatusCommand.sentences(attachment, false).get(1));
    }

    @Test
    void aHoldSaysWhatWaitsAndWhatToDo() {
        JsonObject held =
                object(
                        """
                        {"reason":"mass_delete","direction":"up","deletes":301,"overwrites":0,
                         "examples":["a","b","c","d"]}
                        """);
        assertEquals(
                List.of(
                        "main (/d): held",
                        "  held: 301 deletions made here wait (a, b, c, …): 'tinysync confirm' lets them go on,"
                                + " 'tinysync confirm --reject' undoes them"),
                StatusCommand.sentences(attachment("held").add("held", held), false));
    }

    @Test
    void whoWaitsSeesWhatIsUnderWayAndHowFast() {
        JsonObject status = new JsonObject().add("state", "syncing");
        status.add("attachments", Json.array().asArray().add(attachment("syncing")));
        assertEquals("syncing  0 up, 2 down, 2.9 KiB, 1.0 KiB/s, 2 s left", Watching.text(status));
    }
}
