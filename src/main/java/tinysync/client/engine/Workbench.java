package tinysync.client.engine;

import tinysync.content.ContentRef;
import tinysync.tree.Fingerprint;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.Operation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Carries out what the planner wants of the disk: content is fetched first, then a batch of operations, one at a time.
 */
final class Workbench {
    private static final int MAX_OPS = 500;
    private static final int MAX_FETCHES = 2_000;

    private final Desk desk;
    private final Intents intents;
    private final List<DiskOp> batch = new ArrayList<>();
    private boolean closed;
    private boolean inFlight;
    private int fetches;
    private long number;

    Workbench(Desk desk, Intents intents) {
        this.desk = desk;
        this.intents = intents;
    }

    /** Takes one of the planner's operations on the disk. */
    void add(Operation operation, Instant now) {
        Optional<ContentRef> missing = missingContent(operation);
        if (missing.isPresent()) {
            fetch(operation.item(), missing.get());
            return;
        }
        if (inFlight || closed || batch.size() >= MAX_OPS) {
            desk.defer(Desk.Lane.DISK, operation.item());
            return;
        }
        Optional<DiskOp> op = translate(operation);
        if (op.isEmpty()) {
            // A path of it is not there any more: the trees have moved on since it was planned.
            desk.retryLater(operation.item(), "changed", "its place is being moved", now);
            return;
        }
        batch.add(op.get());
        begin(operation);
    }

    private Optional<ContentRef> missingContent(Operation operation) {
        if (!(operation instanceof Operation.Show show)) {
            return Optional.empty();
        }
        Item view = desk.books.remote.get(show.item()).orElseThrow();
        if (!view.kind().isFile()) {
            return Optional.empty();
        }
        ContentRef wanted = view.content().orElseThrow();
        ContentRef have = desk.staged().get(show.item());
        if (have != null && !have.equals(wanted)) {
            unstage(show.item());
        }
        return wanted.equals(have) ? Optional.empty() : Optional.of(wanted);
    }

    private void fetch(ItemId item, ContentRef content) {
        if (fetches >= MAX_FETCHES) {
            desk.defer(Desk.Lane.FETCH, item);
            return;
        }
        fetches++;
        desk.begin(item, new Busy.Fetching(content));
        desk.effects.add(new Effect.Fetch(item, content, Paths.slot(desk.books.local, item)));
    }

    void fetched(Event.Fetched fetched, Instant now) {
        fetches--;
        desk.end(fetched.item());
        switch (fetched.outcome()) {
            case TransferOutcome.Complete complete -> desk.staged().put(fetched.item(), fetched.content());
            case TransferOutcome.SourceChanged changed -> {}
            case TransferOutcome.Failed failed -> desk.failed(fetched.item(), failed, now);
        }
    }

    /** Forgets what is staged for an item once it was used. */
    void used(ItemId item) {
        desk.staged().remove(item);
    }

    /** Gives up what is staged for an item that no longer wants it. */
    void unstage(ItemId item) {
        ContentRef have = desk.staged().remove(item);
        if (have != null) {
            desk.effects.add(new Effect.DropStaged(item, have));
        }
    }

    private Optional<DiskOp> translate(Operation operation) {
        ItemId id = operation.item();
        Optional<Slot> here = Paths.slot(desk.books.local, id);
        Optional<LocalNode> node = desk.books.local.get(id);
        return switch (operation) {
            case Operation.MakeFolder make ->
                    Paths.slot(desk.books.local, make.folder(), make.name())
                            .map(
                                    slot ->
                                            new DiskOp.MakeFolder(
                                                    id, slot, desk.books.remote.get(id).orElseThrow().mode()));
            case Operation.Show show ->
                    Paths.slot(desk.books.local, show.folder(), show.name()).map(slot -> place(show, slot));
            case Operation.Shift shift ->
                    here.flatMap(
                            from ->
                                    Paths.slot(desk.books.local, shift.folder(), shift.name())
                                            .map(
                                                    to ->
                                                            new DiskOp.Move(
                                                                    id,
                                                                    from,
                                                                    to,
                                                                    node.orElseThrow().fingerprint(),
                                                                    shift.exchange().map(this::fingerprint))));
            case Operation.Touch touch ->
                    here.map(
                            slot -> {
                                Item view = desk.books.remote.get(id).orElseThrow();
                                return new DiskOp.SetMeta(
                                        id, slot, node.orElseThrow().fingerprint(), view.mode(), view.mtime());
                            });
            case Operation.Remove remove ->
                    here.map(
                            slot ->
                                    node.orElseThrow().kind().isFolder()
                                            ? new DiskOp.RemoveFolder(id, slot, node.get().fingerprint())
                                            : new DiskOp.RemoveFile(
                                                    id, slot, node.get().fingerprint(), node.get().content()));
            default -> throw new IllegalStateException("not an operation on the disk: " + operation);
        };
    }

    private DiskOp place(Operation.Show show, Slot slot) {
        Item view = desk.books.remote.get(show.item()).orElseThrow();
        Optional<Fingerprint> expected = show.replaces().map(this::fingerprint);
        Optional<ContentRef> expectedContent =
                show.replaces().flatMap(desk.books.local::get).flatMap(LocalNode::content);
        return view.kind().isSymlink()
                ? new DiskOp.PlaceSymlink(
                        show.item(), slot, view.target().orElseThrow(), expected, expectedContent, show.keepAs())
                : new DiskOp.PlaceFile(
                        show.item(),
                        slot,
                        view.content().orElseThrow(),
                        view.mode(),
                        view.mtime().orElse(Instant.EPOCH),
                        expected,
                        expectedContent,
                        show.keepAs());
    }

    private Fingerprint fingerprint(ItemId id) {
        return desk.books.local.get(id).orElseThrow().fingerprint();
    }

    private void begin(Operation operation) {
        desk.begin(operation.item(), new Busy.Applying(operation, desk.books.remote.get(operation.item())));
        folders(operation).forEach(desk.scan::beginChange);
        others(operation)
                .filter(other -> !other.equals(operation.item()))
                .ifPresent(other -> desk.begin(other, new Busy.Affected(desk.books.remote.get(other))));
        boolean movesFolder = operation instanceof Operation.Shift shift && isFolder(shift);
        // Paths of later operations may lead through a folder that moves: they come with the next batch.
        closed = closed || movesFolder;
    }

    private boolean isFolder(Operation.Shift shift) {
        boolean itself = desk.books.local.get(shift.item()).orElseThrow().kind().isFolder();
        return itself || shift.exchange().flatMap(desk.books.local::get).map(n -> n.kind().isFolder()).orElse(false);
    }

    /** The other item that an operation takes hold of. */
    static Optional<ItemId> others(Operation operation) {
        return switch (operation) {
            case Operation.Show show -> show.replaces();
            case Operation.Shift shift -> shift.exchange();
            default -> Optional.empty();
        };
    }

    /** The folders whose entries an operation changes. */
    List<ItemId> folders(Operation operation) {
        List<ItemId> folders = new ArrayList<>();
        desk.books.local.get(operation.item()).flatMap(LocalNode::parent).ifPresent(folders::add);
        switch (operation) {
            case Operation.MakeFolder make -> folders.add(make.folder());
            case Operation.Show show -> folders.add(show.folder());
            case Operation.Shift shift -> folders.add(shift.folder());
            default -> {}
        }
        return folders;
    }

    /** Hands over what came together in this step. */
    void flush() {
        if (!batch.isEmpty()) {
            inFlight = true;
            intents.begin(batch);
            desk.effects.add(new Effect.Apply(++number, batch));
            batch.clear();
        }
        closed = false;
        if (!inFlight) {
            desk.release(Desk.Lane.DISK, MAX_OPS);
        }
        desk.release(Desk.Lane.FETCH, MAX_FETCHES - fetches);
    }

    /** The batch is done. */
    void applied() {
        inFlight = false;
        intents.end();
        desk.scan.endChanges();
    }
}
