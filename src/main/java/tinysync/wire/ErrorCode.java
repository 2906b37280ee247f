package tinysync.wire;

import java.util.Arrays;
import java.util.Optional;

/** Every error code a server answers with, and the HTTP status it travels under (FORMATS, "Error body"). */
public enum ErrorCode {
    BAD_REQUEST(400),
    BAD_JSON(400),
    BAD_NAME(400),
    BAD_HASH(400),
    TOO_DEEP(400),
    LIMIT_EXCEEDED(400),
    UNSUPPORTED_FEATURE(400),
    UNAUTHENTICATED(401),
    INVITE_INVALID(401),
    FORBIDDEN(403),
    DEVICE_REVOKED(403),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    VERSION_MISMATCH(409),
    NAME_TAKEN(409),
    NAME_RESERVED(409),
    ITEM_EXISTS(409),
    PARENT_MISSING(409),
    PARENT_REFUSED(409),
    CYCLE(409),
    CHANGED_BELOW(409),
    CONTENT_MISSING(409),
    HISTORY_FORKED(409),
    DEVICE_CLONED(409),
    KIND_MISMATCH(409),
    CURSOR_EXPIRED(410),
    OP_EXPIRED(410),
    BODY_TOO_LARGE(413),
    UNSUPPORTED_MEDIA_TYPE(415),
    RANGE_NOT_SATISFIABLE(416),
    OP_REUSED(422),
    RATE_LIMITED(429),
    INTERNAL(500),
    UNAVAILABLE(503),
    NO_SPACE(507),
    QUOTA_EXCEEDED(507);

    private final int status;

    ErrorCode(int status) {
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The lower-case word on the wire. */
    public String wire() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    public static Optional<ErrorCode> parse(String wire) {
        return Arrays.stream(values()).filter(c -> c.wire().equals(wire)).findFirst();
    }
}
