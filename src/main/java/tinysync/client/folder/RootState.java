package tinysync.client.folder;

import java.util.Objects;

/** What was found at the place of an attachment's root. Anything but {@link Good} means: plan and change nothing. */
public sealed interface RootState {
    /** The very folder that was opened, with our marker, on a disk that can be written. */
    record Good() implements RootState {}

    /** Nothing is at that path. */
    record Missing() implements RootState {}

    /**
     * Something is there, but not this attachment's folder.
     *
     * @param reason a short word: {@code not_a_folder}, {@code marker_missing}, {@code marker_unreadable}, {@code
     *     other_vault}, {@code other_attachment}, or why it cannot be read, as {@code permission_denied}
     */
    record Foreign(String reason) implements RootState {
        public Foreign {
            Objects.requireNonNull(reason);
        }
    }

    /** The disk, or the user's right to it, allows no writing now. */
    record ReadOnly() implements RootState {}

    /**
     * This attachment's marker is there, but in another folder than the one that is open; {@link Root#open} it again.
     */
    record Replaced() implements RootState {}
}
