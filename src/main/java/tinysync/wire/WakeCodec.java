package tinysync.wire;

import com.eclipsesource.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Text of the frames on {@code /v1/wake}, and the numbers of that protocol. */
public final class WakeCodec {
    public static final String SUBPROTOCOL = "tinysync.v1";
    public static final String PATH = "/v1/wake";

    /** Longest text frame, in bytes. */
    public static final int FRAME_MAX = 4 << 10;

    /** A client that has not authenticated by then is closed. */
    public static final Duration AUTH_TIMEOUT = Duration.ofSeconds(10);

    /** The server pings this often. */
    public static final Duration PING_EVERY = Duration.ofSeconds(30);

    /** Either side drops the other after this long without a frame, ping or pong. */
    public static final Duration SILENCE_MAX = Duration.ofSeconds(75);

    public static final int CLOSE_UNAUTHENTICATED = 4401;
    public static final int CLOSE_REVOKED = 4403;
    public static final int CLOSE_NO_AUTH_IN_TIME = 4408;
    public static final int CLOSE_TOO_BIG = 1009;
    public static final int CLOSE_RESTART = 1012;
    public static final int CLOSE_TRY_LATER = 1013;

    private WakeCodec() {}

    public static String encode(WakeFrame frame) {
        JsonObject json =
                switch (frame) {
                    case WakeFrame.Auth f ->
                            new JsonObject()
                                    .add("type", "auth")
                                    .add("token", f.token().format())
                                    .add("instance", f.instance().toString());
                    case WakeFrame.Ready f ->
                            new JsonObject().add("type", "ready").add("device", f.device().toString());
                    case WakeFrame.Head f ->
                            new JsonObject()
                                    .add("type", "head")
                                    .add("vault", f.vault().toString())
                                    .add("head", CursorCodec.encode(f.head()));
                    case WakeFrame.Grants _ -> new JsonObject().add("type", "grants");
                    case WakeFrame.Error f ->
                            new JsonObject().add("type", "error").add("code", f.code()).add("message", f.message());
                };
        return json.toString();
    }

    /** The frame; empty for a type that this version does not know. What is malformed is a {@link Refusal}. */
    public static Optional<WakeFrame> decode(String text) {
        // A char is at least one byte: what is far too long is refused before it is encoded.
        if (text.length() > FRAME_MAX) {
            throw new Refusal(ErrorCode.BODY_TOO_LARGE, "a frame of more than " + FRAME_MAX + " bytes");
        }
        Fields fields = Fields.of(StrictJson.parseObject(text.getBytes(StandardCharsets.UTF_8), FRAME_MAX));
        return switch (fields.text("type")) {
            case "auth" ->
                    Optional.of(
                            new WakeFrame.Auth(
                                    DeviceToken.tryParse(fields.text("token"))
                                            .orElseThrow(
                                                    () -> new Refusal(ErrorCode.UNAUTHENTICATED, "not a device token")),
                                    fields.uuid("instance")));
            case "ready" -> Optional.of(new WakeFrame.Ready(fields.device("device")));
            case "head" ->
                    Optional.of(new WakeFrame.Head(fields.vault("vault"), CursorCodec.decode(fields.object("head"))));
            case "grants" -> Optional.of(new WakeFrame.Grants());
            case "error" -> Optional.of(new WakeFrame.Error(fields.text("code"), fields.optText("message").orElse("")));
            default -> Optional.empty();
        };
    }
}
