package tinysync.client;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import tinysync.client.engine.StatusView;
import tinysync.client.state.Attachment;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.platform.PrivateFiles;
import tinysync.wire.Refusal;
import tinysync.wire.StrictJson;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a daemon said of itself last, {@code HOME/run/status.json}, for when none runs. May be older than its end where
 * that was sudden.
 */
public final class LastStatus {
    private static final int BYTES_MAX = 16 << 20;

    private LastStatus() {}

    static void write(Home home, JsonObject status) throws IOException {
        PrivateFiles.writeAtomically(file(home), StrictJson.utf8(status));
    }

    /**
     * The object of {@code status}, with everything {@code not_running}.
     *
     * @param only the one attachment that is asked for; empty for all
     */
    public static JsonObject read(Home home, List<Identity> identities, Optional<String> only, String version)
            throws IOException {
        JsonArray said = said(home);
        JsonArray attachments = new JsonArray();
        for (Identity identity : identities) {
            for (Attachment attachment : identity.attachments()) {
                if (only.map(attachment.name()::equals).orElse(true)) {
                    attachments.add(last(said, identity, attachment).set("state", StatusJson.NOT_RUNNING));
                }
            }
        }
        return StatusJson.whole(
                StatusJson.NOT_RUNNING,
                version,
                new JsonObject().add("running", false),
                identities.stream().map(identity -> new StatusJson.Server(identity, false, "none")).toList(),
                attachments);
    }

    private static JsonArray said(Home home) throws IOException {
        try {
            JsonObject status = StrictJson.parseObject(Files.readAllBytes(file(home)), BYTES_MAX);
            return Optional.ofNullable(status.get("attachments"))
                    .filter(JsonValue::isArray)
                    .map(JsonValue::asArray)
                    .orElseGet(JsonArray::new);
        } catch (NoSuchFileException | Refusal nothingUsable) {
            // It only saves asking: the next daemon writes it anew.
            System.getLogger("tinysync.client").log(System.Logger.Level.DEBUG, "no last status", nothingUsable);
            return new JsonArray();
        }
    }

    private static JsonObject last(JsonArray said, Identity identity, Attachment attachment) {
        for (JsonValue one : said) {
            if (one.isObject() && isOf(one.asObject(), attachment)) {
                return new JsonObject(one.asObject());
            }
        }
        StatusView bare = StatusJson.bare(StatusView.State.STARTING, Optional.empty(), Optional.empty());
        return new StatusJson.Attached(
                        attachment.name(),
                        attachment.vault().toString(),
                        identity.server().toString(),
                        attachment.role().wire(),
                        attachment.path(),
                        bare,
                        0,
                        0)
                .encode();
    }

    /** Another one may have had that name. */
    private static boolean isOf(JsonObject said, Attachment attachment) {
        return attachment.name().equals(said.getString("name", ""))
                && attachment.vault().toString().equals(said.getString("vault", ""))
                && attachment.path().toString().equals(said.getString("path", ""));
    }

    private static Path file(Home home) {
        return home.run().resolve("status.json");
    }
}
