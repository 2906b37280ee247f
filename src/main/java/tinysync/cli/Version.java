package tinysync.cli;

import java.util.Optional;

/** Which TinySync this is. */
final class Version {
    private Version() {}

    /** As the jar's manifest says. */
    static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion()).orElse("0.0.0");
    }
}
