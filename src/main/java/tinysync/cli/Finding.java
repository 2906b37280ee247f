package tinysync.cli;

import com.eclipsesource.json.JsonObject;

import java.util.Locale;
import java.util.Objects;

/**
 * What {@code doctor} found out about one thing.
 *
 * @param check what was looked at, a word or two
 * @param cure what to do; empty where nothing is wrong
 */
record Finding(Grade grade, String check, String message, String cure) {
    /** The worse the later. */
    enum Grade {
        OK,
        /** It works, and could be better. */
        ADVICE,
        BAD
    }

    Finding {
        Objects.requireNonNull(grade);
        Objects.requireNonNull(check);
        Objects.requireNonNull(message);
        if (cure.isEmpty() != (grade == Grade.OK)) {
            throw new IllegalArgumentException("what is not well has a cure, and only that");
        }
    }

    static Finding ok(String check, String message) {
        return new Finding(Grade.OK, check, message, "");
    }

    static Finding advice(String check, String message, String cure) {
        return new Finding(Grade.ADVICE, check, message, cure);
    }

    static Finding bad(String check, String message, String cure) {
        return new Finding(Grade.BAD, check, message, cure);
    }

    String text() {
        String mark =
                switch (grade) {
                    case OK -> "ok      ";
                    case ADVICE -> "advice  ";
                    case BAD -> "BAD     ";
                };
        return Terminal.printable(mark + check + ": " + message + (cure.isEmpty() ? "" : "; " + cure));
    }

    JsonObject encode() {
        JsonObject json =
                new JsonObject()
                        .add("check", check)
                        .add("state", grade.name().toLowerCase(Locale.ROOT))
                        .add("message", message);
        return cure.isEmpty() ? json : json.add("cure", cure);
    }
}
