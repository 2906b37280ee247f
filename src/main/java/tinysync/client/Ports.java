package tinysync.client;

import tinysync.client.engine.ClientEvent;
import tinysync.client.engine.DiskOp;
import tinysync.client.engine.DiskResult;
import tinysync.client.engine.Effect;
import tinysync.client.engine.Event;
import tinysync.client.engine.HashOutcome;
import tinysync.client.engine.Listing;
import tinysync.client.engine.Slot;
import tinysync.client.engine.TransferOutcome;

import java.io.IOException;
import java.util.List;

/** Disk and server as the {@link EffectWorkers} use them. Calls block; what goes wrong is in the answer. */
interface Ports {
    Listing list(String path);

    HashOutcome hash(Slot slot, boolean patient);

    TransferOutcome upload(Effect.Upload upload);

    /** Returns at once; the answer comes as an event of its own, from another thread. */
    void fetch(Effect.Fetch fetch);

    void dropStaged(Effect.DropStaged drop) throws IOException;

    Event commit(Effect.Commit commit);

    Event pullLog(Effect.PullLog pull);

    Event pullSnapshot(Effect.PullSnapshot pull);

    Event findCommon(Effect.FindCommon find);

    /** One result each, in the same order. */
    List<DiskResult> apply(List<DiskOp> ops);

    /** What went back into the folder. */
    List<Slot> sweep() throws IOException;

    /** Keeps what a person may want to know, in this order. */
    void tell(List<ClientEvent> events) throws IOException;
}
