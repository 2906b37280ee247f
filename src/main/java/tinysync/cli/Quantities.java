package tinysync.cli;

import java.time.Duration;
import java.util.Locale;

/** Numbers with units, as people type and read them. */
final class Quantities {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final int STEP = 1024;

    private Quantities() {}

    static Duration span(String option, String text) throws CommandFailure {
        if (!text.matches("[0-9]{1,9}[smhd]?")) {
            throw CommandFailure.usage(
                    "option " + option + " takes a time such as 90s, 30m, 12h or 7d, not '" + text + "'");
        }
        char unit = text.charAt(text.length() - 1);
        long number = Long.parseLong(text.replaceAll("[smhd]", ""));
        return switch (unit) {
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            case 'd' -> Duration.ofDays(number);
            default -> Duration.ofSeconds(number);
        };
    }

    static long bytes(String option, String text) throws CommandFailure {
        if (!text.matches("[0-9]{1,12}[KMGTkmgt]?")) {
            throw CommandFailure.usage("option " + option + " takes bytes such as 500K, 2M or 10G, not '" + text + "'");
        }
        long number = Long.parseLong(text.replaceAll("[KMGTkmgt]", ""));
        int power = "KMGT".indexOf(Character.toUpperCase(text.charAt(text.length() - 1))) + 1;
        if (power > 0 && number > (Long.MAX_VALUE >> (10 * power))) {
            throw CommandFailure.usage("option " + option + " is too large: '" + text + "'");
        }
        return number << (10 * power);
    }

    /** {@code 1.5 MiB}. */
    static String shown(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= STEP && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
