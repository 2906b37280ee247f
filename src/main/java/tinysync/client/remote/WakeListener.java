package tinysync.client.remote;

import tinysync.tree.Cursor;
import tinysync.tree.VaultId;

/** Hears what a {@link WakeSocket} says, on the thread that runs it, one call after the other. */
public interface WakeListener {
    /** The socket has authenticated; heads of all vaults in reach follow. */
    void onReady();

    /** {@code vault} is at {@code head} now. */
    void onHead(VaultId vault, Cursor head);

    /** What this device may reach has changed. */
    void onGrants();

    /** The server does not answer a ping in time; it may be gone without a word, or only slow. */
    void onSilence();

    /** The socket is gone; the last call. */
    void onDown(WakeDown reason);
}
