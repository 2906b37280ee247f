package tinysync.wire;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Names of what a server can do beyond the plain protocol, as {@code /v1/info} lists them and a request's {@code
 * requires} (or the header {@link #HEADER}, comma-separated) asks for them.
 */
public final class Features {
    /** The request header that stands for {@code requires} where there is no body. */
    public static final String HEADER = "TinySync-Requires";

    /** Commits as {@link BundleReader#MEDIA_TYPE}. */
    public static final String BUNDLE = "bundle";

    /** Content in chunks with manifests. */
    public static final String CHUNKS = "chunks";

    /** {@code POST …/content/fetch}. */
    public static final String FETCH = "fetch";

    /** All that this version knows. */
    public static final Set<String> KNOWN = Set.of(BUNDLE, CHUNKS, FETCH);

    private Features() {}

    /** Refuses ({@code unsupported_feature}) a request that relies on what {@code supported} does not have. */
    public static void check(Collection<String> required, Set<String> supported) {
        List<String> unknown = required.stream().filter(feature -> !supported.contains(feature)).toList();
        if (!unknown.isEmpty()) {
            throw new Refusal(ErrorCode.UNSUPPORTED_FEATURE, "not supported here: " + String.join(", ", unknown));
        }
    }

    /** The names in a {@link #HEADER} value. */
    public static List<String> parseHeader(String value) {
        return List.of(value.split(",")).stream().map(String::strip).filter(name -> !name.isEmpty()).toList();
    }
}
