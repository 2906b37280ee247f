package tinysync.client.engine;

/** What came of moving one content. */
public sealed interface TransferOutcome {
    /** All of it is there, verified and (where that is this device) staged. */
    record Complete() implements TransferOutcome {}

    /** The local file no longer holds those bytes. */
    record SourceChanged() implements TransferOutcome {}

    /** It did not work; {@code retryable} when waiting may help. */
    record Failed(String reason, String message, boolean retryable) implements TransferOutcome {}
}
