package tinysync.server.ws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import tinysync.tree.Cursor;
import tinysync.tree.DeviceId;
import tinysync.tree.VaultId;
import tinysync.wire.WakeFrame;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

class OutboxTest {
    private static final UUID EPOCH = new UUID(1, 1);
    private static final VaultId A = new VaultId(new UUID(2, 1));
    private static final VaultId B = new VaultId(new UUID(2, 2));

    private final Outbox outbox = new Outbox();

    private static Cursor head(long seq) {
        return new Cursor(EPOCH, seq, "0123456789abcdef");
    }

    private void checkNext(Outbox.Next expected) throws InterruptedException {
        assertEquals(expected, outbox.take(Duration.ZERO));
    }

    private static Outbox.Next sent(WakeFrame frame) {
        return new Outbox.Next.Send(frame);
    }

    @Test
    void onlyTheNewestHeadOfEachVaultWaits() throws InterruptedException {
        for (int seq = 1; seq <= 100_000; seq++) {
            outbox.head(A, head(seq));
        }
        outbox.head(B, head(7));
        outbox.head(A, head(5));
        checkNext(sent(new WakeFrame.Head(A, head(100_000))));
        checkNext(sent(new WakeFrame.Head(B, head(7))));
        checkNext(new Outbox.Next.Nothing());
    }

    @Test
    void readyComesFirstAndNothingComesBehindAClose() throws InterruptedException {
        DeviceId device = new DeviceId(new UUID(3, 3));
        outbox.head(A, head(1));
        outbox.ready(device);
        checkNext(sent(new WakeFrame.Ready(device)));
        Outbox.Closing restart = new Outbox.Closing(1012, Optional.empty());
        outbox.close(restart);
        outbox.close(new Outbox.Closing(4403, Optional.empty()));
        checkNext(new Outbox.Next.Close(restart));
    }

    @Test
    void headsOfVaultsOutOfReachAreForgotten() throws InterruptedException {
        outbox.head(A, head(1));
        outbox.head(B, head(2));
        outbox.grants(Set.of(B));
        checkNext(sent(new WakeFrame.Grants()));
        checkNext(sent(new WakeFrame.Head(B, head(2))));
        checkNext(new Outbox.Next.Nothing());
    }
}
