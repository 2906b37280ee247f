package tinysync.client.engine;

import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.Mutation;
import tinysync.tree.SyncedEntry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    StatusView of(StatusView.State state, long headSeq, int conflicts, Optional<StatusView.Held> held) {
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
        List<StatusView.Parked> parked = parked();
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
                conflicts,
                first(parked),
                parked.size(),
                first(disguised()),
                held);
    }

    private long items() {
        return Math.max(0, desk.books.remote.size() - 1L);
    }

    private List<StatusView.Parked> parked() {
        List<StatusView.Parked> parked = new ArrayList<>();
        for (Map.Entry<ItemId, Retries.Retry> retry : desk.retries.all().entrySet()) {
            if (retry.getValue().isParked()) {
                parked.add(
                        new StatusView.Parked(
                                news.path(retry.getKey()), retry.getValue().code(), retry.getValue().message()));
            }
        }
        reconcile
                .problems()
                .forEach(
                        (folder, problems) ->
                                desk.books
                                        .local
                                        .path(folder)
                                        .ifPresent(
                                                path -> {
                                                    for (DiskEntry.Problem problem : problems) {
                                                        String full = new Slot(path, problem.name()).path();
                                                        parked.add(
                                                                new StatusView.Parked(
                                                                        full,
                                                                        problem.reason(),
                                                                        "cannot be synced: " + problem.reason()));
                                                    }
                                                }));
        for (ItemId id : desk.books.unreadable()) {
            desk.books
                    .local
                    .path(id)
                    .ifPresent(
                            path ->
                                    parked.add(
                                            new StatusView.Parked(
                                                    path,
                                                    "unreadable",
                                                    "cannot be read; nothing is decided about it")));
        }
        return parked;
    }

    private List<StatusView.Disguised> disguised() {
        List<StatusView.Disguised> disguised = new ArrayList<>();
        for (ItemId id : desk.books.disguised()) {
            Optional<SyncedEntry> entry = desk.books.synced.get(id);
            boolean here = desk.books.local.get(id).filter(LocalNode::isPresent).isPresent();
            if (here && entry.isPresent()) {
                disguised.add(new StatusView.Disguised(news.path(id), entry.get().place().orElseThrow().name()));
            }
        }
        return disguised;
    }

    private static <T> List<T> first(List<T> all) {
        return all.subList(0, Math.min(all.size(), StatusView.MAX_LISTED));
    }
}
