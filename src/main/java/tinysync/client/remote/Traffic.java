package tinysync.client.remote;

/**
 * Is told of the bytes of bodies as they pass, piece by piece, and may hold them back by blocking: that is how rates
 * are measured and limited. Called by several threads at once; must never block for as long as a stall.
 */
public interface Traffic {
    /** Neither counts nor limits. */
    Traffic FREE =
            new Traffic() {
                @Override
                public void up(int bytes) {}

                @Override
                public void down(int bytes) {}
            };

    /** {@code bytes} are about to be handed to the network. */
    void up(int bytes);

    /** {@code bytes} have come in. */
    void down(int bytes);
}
