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
import tinysync.client.folder.Applier;
import tinysync.client.folder.Displaced;
import tinysync.client.folder.FileHasher;
import tinysync.client.folder.FolderLister;
import tinysync.client.transfer.Committer;
import tinysync.client.transfer.Downloader;
import tinysync.client.transfer.FetchQueue;
import tinysync.client.transfer.Puller;
import tinysync.client.transfer.Uploader;
import tinysync.content.Chunk;
import tinysync.content.Chunking;
import tinysync.platform.SystemClock;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;

/**
 * A real folder and a real server.
 *
 * @param rootMissing called when the root itself was not found, before that is told
 */
record FolderPorts(
        Chunking chunking,
        FolderLister lister,
        FileHasher hasher,
        Applier applier,
        Displaced displaced,
        Uploader uploader,
        Downloader downloader,
        FetchQueue fetches,
        Committer committer,
        Puller puller,
        SystemClock clock,
        Teller teller,
        Runnable rootMissing)
        implements Ports {
    /** A program that had a displaced file open has this long to be done with it. */
    private static final Duration DISPLACED_FOR = Duration.ofMinutes(10);

    /** Keeps what a person may want to know. */
    @FunctionalInterface
    interface Teller {
        void tell(List<ClientEvent> events) throws IOException;
    }

    @Override
    public Listing list(String path) {
        Listing listing = lister.list(path);
        if (path.isEmpty() && listing instanceof Listing.Missing) {
            rootMissing.run();
        }
        return listing;
    }

    @Override
    public HashOutcome hash(Slot slot, boolean patient) {
        return hasher.hash(slot, patient, chunking, FolderPorts::goOnUnlessInterrupted);
    }

    /** Reading a large file takes long, and nobody waits for it when all ends. */
    private static void goOnUnlessInterrupted(Chunk chunk, byte[] buffer, int offset) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("reading a file was broken off");
        }
    }

    @Override
    public TransferOutcome upload(Effect.Upload upload) {
        return uploader.upload(upload);
    }

    @Override
    public void fetch(Effect.Fetch fetch) {
        fetches.submit(fetch);
    }

    @Override
    public void dropStaged(Effect.DropStaged drop) throws IOException {
        downloader.drop(drop);
    }

    @Override
    public Event commit(Effect.Commit commit) {
        return committer.commit(commit);
    }

    @Override
    public Event pullLog(Effect.PullLog pull) {
        return puller.pullLog(pull);
    }

    @Override
    public Event pullSnapshot(Effect.PullSnapshot pull) {
        return puller.pullSnapshot(pull);
    }

    @Override
    public Event findCommon(Effect.FindCommon find) {
        return puller.findCommon(find);
    }

    @Override
    public List<DiskResult> apply(List<DiskOp> ops) {
        return applier.apply(ops);
    }

    @Override
    public List<Slot> sweep() throws IOException {
        return displaced.sweep(clock.now(), DISPLACED_FOR);
    }

    @Override
    public void tell(List<ClientEvent> events) throws IOException {
        teller.tell(events);
    }
}
