package tinysync.server.core;

import tinysync.tree.ItemId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.text.Normalizer;

/** The rule for names of vaults, groups and devices: one line that a person can type, and that is no id. */
final class Names {
    private static final int LENGTH_MAX = 100;

    private Names() {}

    /**
     * @param what worded for the refusal, as {@code vault name}
     * @throws Refusal bad_name
     */
    static void check(String what, String name) {
        if (name.isBlank() || name.length() > LENGTH_MAX) {
            throw new Refusal(ErrorCode.BAD_NAME, "a " + what + " has 1 to " + LENGTH_MAX + " characters");
        }
        if (name.codePoints().anyMatch(Names::isUnprintable) || !Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
            throw new Refusal(ErrorCode.BAD_NAME, "a " + what + " is one line of printable characters in NFC");
        }
    }

    /** As {@link #check}, and neither an id (both find it) nor with a {@code /} or {@code :} ({@code VAULT:/path}). */
    static void checkUnique(String what, String name) {
        check(what, name);
        if (ItemId.tryParse(name).isPresent() || name.indexOf('/') >= 0 || name.indexOf(':') >= 0) {
            throw new Refusal(ErrorCode.BAD_NAME, "a " + what + " has no '/' and no ':' and is no id");
        }
    }

    private static boolean isUnprintable(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE || c == 0x2028 || c == 0x2029;
    }
}
