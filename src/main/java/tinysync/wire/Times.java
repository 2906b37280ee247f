package tinysync.wire;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Times on the wire: RFC 3339 in UTC with a capital T and Z, years 0000 to 9999, up to nine fraction digits and as few
 * as say it all. No leap seconds. Thread-safe.
 */
public final class Times {
    /** The first moment that can be written. */
    public static final Instant MIN = LocalDateTime.of(0, 1, 1, 0, 0).toInstant(ZoneOffset.UTC);

    /** The last moment that can be written. */
    public static final Instant MAX = LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_999).toInstant(ZoneOffset.UTC);

    private static final Pattern SHAPE = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z");

    private static final DateTimeFormatter FORMAT =
            new DateTimeFormatterBuilder()
                    .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                    .appendLiteral('Z')
                    .toFormatter(Locale.ROOT)
                    .withChronology(IsoChronology.INSTANCE)
                    .withResolverStyle(ResolverStyle.STRICT)
                    .withZone(ZoneOffset.UTC);

    private Times() {}

    /** The text of {@code time}; one outside the years 0000 to 9999 is written as the nearest that can be. */
    public static String format(Instant time) {
        return FORMAT.format(clamp(time));
    }

    /** {@code time}, or the nearest moment that can be written: some file systems hold stranger ones. */
    public static Instant clamp(Instant time) {
        if (time.isBefore(MIN)) {
            return MIN;
        }
        return time.isAfter(MAX) ? MAX : time;
    }

    /** The moment, or empty when the text is not exactly of this form or names a day that there is not. */
    public static Optional<Instant> tryParse(String text) {
        if (!SHAPE.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDateTime.parse(text, FORMAT).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException noSuchMoment) {
            return Optional.empty();
        }
    }
}
