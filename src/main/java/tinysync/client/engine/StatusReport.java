package tinysync.client.engine;

import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.Mutation;
import tinysync.tree.Place;
import tinysync.tree.Presence;
import tinysync.tree.SyncedEntry;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Counts what is under way and lists what cannot be done, for {@code status}. */
final class StatusReport {
    private final Desk desk;
    private final Reconcile reconcile;
    private final News news;

    StatusReport(Desk desk, Reconcile reconcile, News news) {
        this.desk = desk;
        this.reconcile = reconcile;
        this.news = news;
    }

    /**
     * @param trouble of the vault as a whole; it stands first among what is parked
     */
    StatusView of(StatusView.State state, long headSeq, Optional<StatusView.Held> held, Optional<Trouble> trouble) {
        long upItems = 0;
        long upBytes = 0;
        long downItems = 0;
        long downBytes = 0;
        for (Busy busy : desk.allBusy().values()) {
            switch (busy) {
                case Busy.Uploading up -> {
                    upItems++;
                    upBytes += up.content().size();
                }
                case Busy.Fetching down -> {
                    downItems++;
                    downBytes += down.content().size();
                }
                case Busy.Committing up -> {
                    upItems++;
                    upBytes += up.mutation() instanceof Mutation.PutFile put ? put.content().size() : 0;
                }
                case Busy.Applying down -> downItems++;
                case Busy.Settling settling -> upItems++;
                case Busy.Affected affected -> {}
            }
        }
        return new StatusView(
                state,
                desk.books.seq(),
                headSeq,
                items(),
                desk.books.remote.bytes(),
                upItems,
                upBytes,
                downItems,
                downBytes,
                desk.books.remarkable.copies().size(),
                parked(trouble),
                parkedTotal() + (int) trouble.stream().count(),
                disguised(),
                held);
    }

    private long items() {
        return Math.max(0, desk.books.remote.size() - 1L);
    }

    private int parkedTotal() {
        int problems = reconcile.problems().values().stream().mapToInt(List::size).sum();
        return desk.retries.parked() + problems + desk.books.remarkable.unreadable().size();
    }

    /** Made at each step, so no more of them than are listed, however many there are. */
    private List<StatusView.Parked> parked(Optional<Trouble> trouble) {
        Stream<StatusView.Parked> vault = trouble.stream().map(t -> new StatusView.Parked("", t.code(), t.message()));
        return Stream.of(vault, parkedItems(), problems(), unreadable())
                .flatMap(Function.identity())
                .limit(StatusView.MAX_LISTED)
                .toList();
    }

    private Stream<StatusView.Parked> parkedItems() {
        return desk.retries.all().entrySet().stream()
                .filter(retry -> retry.getValue().isParked())
                .map(
                        retry ->
                                new StatusView.Parked(
                                        news.path(retry.getKey()),
                                        retry.getValue().code(),
                                        retry.getValue().message()));
    }

    private Stream<StatusView.Parked> problems() {
        return reconcile.problems().entrySet().stream()
                .flatMap(folder -> folder.getValue().stream().map(problem -> problem(folder.getKey(), problem)));
    }

    private StatusView.Parked problem(ItemId folder, DiskEntry.Problem problem) {
        String path = new Slot(news.path(folder), problem.name()).path();
        return new StatusView.Parked(path, problem.reason(), ProblemWords.of(problem.reason()));
    }

    private Stream<StatusView.Parked> unreadable() {
        return desk.books.remarkable.unreadable().stream()
                .map(
                        id ->
                                new StatusView.Parked(
                                        news.path(id), reason(id), "cannot be read; nothing is decided about it"));
    }

    private String reason(ItemId id) {
        return desk.books.local.get(id).map(LocalNode::presence).orElseThrow() instanceof Presence.Unknown(String why)
                ? why
                : "unreadable";
    }

    private List<StatusView.Disguised> disguised() {
        return desk.books.remarkable.disguised().stream()
                .filter(id -> desk.books.local.get(id).filter(LocalNode::isPresent).isPresent())
                .limit(StatusView.MAX_LISTED)
                .map(id -> new StatusView.Disguised(news.path(id), vaultName(id)))
                .toList();
    }

    private String vaultName(ItemId id) {
        return desk.books.synced.get(id).flatMap(SyncedEntry::place).map(Place::name).orElseThrow();
    }
}
