package tinysync.tree;

import java.text.Normalizer;
import java.util.Optional;

/**
 * The rule for the name of an item: Unicode in NFC, 1 … {@value #BYTES_MAX} bytes of UTF-8, neither {@code .} nor
 * {@code ..}, without {@code /}, NUL and unpaired surrogates.
 *
 * <p>What some platform cannot show (a colon, a trailing dot) is no fault of the name: that platform disguises it.
 */
public final class ItemName {

    /** The longest name, in bytes of UTF-8. */
    public static final int BYTES_MAX = 255;

    /** Our own folder in the root of each attached folder; it is its own fold key. */
    private static final String OWN_FOLDER = ".tinysync";

    private ItemName() {}

    /** What is wrong with {@code name}, worded to follow "the name"; empty if it may be used. */
    public static Optional<String> problem(String name) {
        if (name.isEmpty()) {
            return Optional.of("is empty");
        }
        if (name.equals(".") || name.equals("..")) {
            return Optional.of("is '" + name + "', which means a folder");
        }
        // The cheap bound first: a hostile name of megabytes is neither encoded nor normalized.
        if (name.length() > BYTES_MAX || Utf8.length(name) > BYTES_MAX) {
            return Optional.of("is longer than " + BYTES_MAX + " bytes");
        }
        if (name.indexOf('/') >= 0) {
            return Optional.of("contains '/'");
        }
        if (name.indexOf('\0') >= 0) {
            return Optional.of("contains a NUL");
        }
        if (name.codePoints().anyMatch(Utf8::isSurrogate)) {
            return Optional.of("contains half a character (an unpaired surrogate)");
        }
        if (!Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
            return Optional.of("is not in Unicode form NFC");
        }
        return Optional.empty();
    }

    /** {@code name}, if it may be used; else a BadNameException that says why. */
    public static String check(String name) {
        problem(name)
                .ifPresent(
                        problem -> {
                            throw new BadNameException("the name " + problem);
                        });
        return name;
    }

    /** {@code name} in NFC, as vaults hold it. Other faults of a name stay. */
    public static String normalize(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    /** Whether {@code name}, in any case, is {@code .tinysync}, which no item directly in the root may be called. */
    public static boolean reservedAtRoot(String name) {
        return FoldKey.of(name).equals(OWN_FOLDER);
    }
}
