package tinysync.tree;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names under which a second content, or a second name that differs only in case, is kept beside the first. Every
 * result is a valid {@link ItemName}, given that the original is.
 *
 * <p>The stem is cut where the result would be too long; device and extension are kept whole.
 */
public final class ConflictNames {

    private static final int EXTENSION_BYTES_MAX = 32;
    private static final int DEVICE_BYTES_MAX = 64;
    private static final String COPY = " (conflicted copy, ";
    private static final String TWIN = " (case twin)";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH.mm.ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** What some platform cannot have in a name, what a terminal would act on, and what turns text around. */
    private static final Pattern UNFIT_FOR_DEVICE =
            Pattern.compile("[/\\\\:*?\"<>|\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+");

    private static final Pattern COPY_NAME =
            Pattern.compile(
                    "(?<stem>.+) \\(conflicted copy, .+, \\d{4,}-\\d\\d-\\d\\d \\d\\d\\.\\d\\d\\.\\d\\d UTC\\)"
                            + "( \\d+)?(?<extension>(\\..+)?)",
                    Pattern.DOTALL);

    private record Parts(String stem, String extension) {}

    private ConflictNames() {}

    /**
     * {@code stem (conflicted copy, DEVICE, 2026-11-21 07.45.12 UTC).ext}.
     *
     * @param name of the item that is in conflict
     * @param device display name; any text
     * @param at when the conflict was found; shown to the second
     * @param n 1 for the first try; from 2 on, the number that is appended because the one before is taken
     * @param folder a folder's name has no extension
     */
    public static String copyName(String name, String device, Instant at, int n, boolean folder) {
        Parts parts = folder ? new Parts(name, "") : split(name);
        return join(parts, COPY + deviceLabel(device) + ", " + TIME.format(at) + ")", n);
    }

    /** {@code stem (case twin).ext}; {@code n} as for {@link #copyName}. */
    public static String twinName(String name, int n) {
        return join(split(name), TWIN, n);
    }

    /** Whether {@code name} looks as {@link #copyName} makes them; a person may have typed it as well. */
    public static boolean isCopyName(String name) {
        return name.contains(COPY) && COPY_NAME.matcher(name).matches();
    }

    /**
     * The name that the copy was made of, with the stem as far as it was kept; of a copy of a copy, the first copy. A
     * name that is no copy's is returned as it is.
     */
    public static String originalName(String name) {
        Matcher copy = COPY_NAME.matcher(name);
        return copy.matches() ? copy.group("stem") + copy.group("extension") : name;
    }

    private static String join(Parts parts, String mark, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("tries are counted from 1: " + n);
        }
        String tail = mark + (n == 1 ? "" : " " + n) + parts.extension();
        return Utf8.cut(parts.stem(), ItemName.BYTES_MAX - Utf8.length(tail)) + tail;
    }

    /** The extension begins at the last dot, or at the one before in {@code x.tar.gz}; a name never begins with it. */
    private static Parts split(String name) {
        int dot = name.lastIndexOf('.');
        int tarDot = dot - ".tar".length();
        if (tarDot > 0 && name.regionMatches(true, tarDot, ".tar", 0, ".tar".length())) {
            dot = tarDot;
        }
        if (dot <= 0 || dot == name.length() - 1 || Utf8.length(name.substring(dot)) > EXTENSION_BYTES_MAX) {
            return new Parts(name, "");
        }
        return new Parts(name.substring(0, dot), name.substring(dot));
    }

    private static String deviceLabel(String device) {
        String fit = UNFIT_FOR_DEVICE.matcher(ItemName.normalize(device)).replaceAll("-").strip();
        String label = Utf8.cut(fit, DEVICE_BYTES_MAX).strip();
        return label.isEmpty() ? "device" : label;
    }
}
