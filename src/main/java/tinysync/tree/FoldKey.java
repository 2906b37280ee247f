package tinysync.tree;

import java.text.Normalizer;

/**
 * What names are compared by in a portable vault: two live siblings may not have the same key. The key is NFC, then
 * full case folding (Unicode 16.0, section 3.13, {@code toCasefold}), then NFC again; it depends on no locale. Folding
 * twice changes nothing more.
 */
public final class FoldKey {

    /** The table that keys are made with, as {@code /v1/info} tells it: both sides must use the same. */
    public static final String TABLE = "unicode-16";

    private FoldKey() {}

    /** The key of {@code name}, which may be any text. */
    public static String of(String name) {
        return nfc(CaseFold.fold(nfc(name)));
    }

    private static String nfc(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }
}
