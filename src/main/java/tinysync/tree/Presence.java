package tinysync.tree;

/** What is known of a local entry. Absence of evidence is not evidence of absence. */
public sealed interface Presence {
    /** It was seen in a listing of its folder. */
    record Present() implements Presence {}

    /** Its folder was listed whole, twice, without error, and it was not there. */
    record Absent() implements Presence {}

    /** It could not be read or listed; nothing is decided about it and all below it. */
    record Unknown(String reason) implements Presence {}

    /** A rule keeps it out of the vault. */
    record Excluded(String rule) implements Presence {}

    Presence PRESENT = new Present();
    Presence ABSENT = new Absent();
}
