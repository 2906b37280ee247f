package tinysync.client.folder;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.ParseException;

import tinysync.platform.Dir;
import tinysync.platform.FsException;
import tinysync.tree.VaultId;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The file that says whose root a folder is: {@code .tinysync/root.json},
 *
 * <pre>{"format":1,"vault":"UUID","attachment":"…","generation":7}</pre>
 *
 * @param generation grows whenever the attachment's state says so; a marker older than the state tells that the folder
 *     was restored from a backup
 */
record Marker(VaultId vault, String attachment, long generation) {
    static final String NAME = "root.json";

    private static final int FORMAT = 1;
    private static final int BYTES_MAX = 4096;

    /** What a look for the marker gave. */
    sealed interface Found {
        record Whole(Marker marker) implements Found {}

        record Absent() implements Found {}

        record Damaged() implements Found {}
    }

    static Found read(Dir own) throws FsException {
        return switch (new SmallFile(own, NAME).read(BYTES_MAX)) {
            case SmallFile.Content.Absent() -> new Found.Absent();
            case SmallFile.Content.TooLong() -> new Found.Damaged();
            case SmallFile.Content.Text(String text) ->
                    parse(text).<Found>map(Found.Whole::new).orElseGet(Found.Damaged::new);
        };
    }

    /** Durable when this returns; a power loss before leaves the marker that was. */
    void write(Dir own) throws FsException {
        JsonObject json =
                Json.object()
                        .add("format", FORMAT)
                        .add("vault", vault.toString())
                        .add("attachment", attachment)
                        .add("generation", generation);
        new SmallFile(own, NAME).replace((json + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<Marker> parse(String text) {
        try {
            JsonObject json = Json.parse(text).asObject();
            if (json.getInt("format", 0) != FORMAT) {
                return Optional.empty();
            }
            long generation = json.getLong("generation", -1);
            String attachment = json.getString("attachment", "");
            return VaultId.tryParse(json.getString("vault", ""))
                    .filter(_ -> generation >= 0)
                    .map(vault -> new Marker(vault, attachment, generation));
        } catch (ParseException | UnsupportedOperationException | NumberFormatException damaged) {
            return Optional.empty();
        }
    }
}
