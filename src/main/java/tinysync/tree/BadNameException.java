package tinysync.tree;

/** A name that no item of a vault may have; the message says why. */
public final class BadNameException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public BadNameException(String message) {
        super(message);
    }
}
