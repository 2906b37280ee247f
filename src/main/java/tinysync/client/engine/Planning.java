package tinysync.client.engine;

import tinysync.tree.ItemId;
import tinysync.tree.Mutation;
import tinysync.tree.Operation;
import tinysync.tree.Plan;
import tinysync.tree.PlanContext;
import tinysync.tree.Planner;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Asks the planner about all that changed, and hands each of its operations to the room that carries it out. Only items
 * that nothing is under way for are planned; of two operations that take hold of one item, the second waits.
 */
final class Planning {
    private static final int PLAN_AT_ONCE = 4_096;
    private static final int PLANS_PER_STEP = 8;

    private final EngineOptions options;
    private final Ids ids;
    private final Desk desk;
    private final Books books;
    private final Retries retries;
    private final Hashing hashing;
    private final LeftBehind leftBehind;
    private final HiddenSet hidden;
    private final KeptLocal keptLocal;
    private final Intents intents;
    private final Hold outgoing;
    private final Hold incoming;
    private final Outbox outbox;
    private final Workbench workbench;
    private final Outcome outcome;
    private final News news;
    private final Set<ItemId> plannedLately = new HashSet<>();
    private long latestProgress = -1;
    private long idleProgress = -1;

    Planning(
            EngineOptions options,
            Ids ids,
            Desk desk,
            Hashing hashing,
            LeftBehind leftBehind,
            HiddenSet hidden,
            KeptLocal keptLocal,
            Intents intents,
            Hold outgoing,
            Hold incoming,
            Outbox outbox,
            Workbench workbench,
            Outcome outcome,
            News news) {
        this.options = options;
        this.ids = ids;
        this.desk = desk;
        this.books = desk.books;
        this.retries = desk.retries;
        this.hashing = hashing;
        this.leftBehind = leftBehind;
        this.hidden = hidden;
        this.keptLocal = keptLocal;
        this.intents = intents;
        this.outgoing = outgoing;
        this.incoming = incoming;
        this.outbox = outbox;
        this.workbench = workbench;
        this.outcome = outcome;
        this.news = news;
    }

    /** True when there is something to plan now. */
    boolean hasWork() {
        return books.hasDirty() || shallWakeWaiting();
    }

    /** Plans what is to be planned, in portions; what is left over is for the next step. */
    void run(Instant now) {
        wakeWaitingWhenIdle();
        for (int round = 0; round < PLANS_PER_STEP && books.hasDirty(); round++) {
            plan(books.takeDirty(PLAN_AT_ONCE), now);
        }
    }

    /**
     * Something may wait for what will never come: when all else is done, and something changed since, look once more.
     */
    private void wakeWaitingWhenIdle() {
        if (shallWakeWaiting()) {
            idleProgress = books.progress();
            books.wakeAll();
        }
    }

    private boolean shallWakeWaiting() {
        return !books.hasDirty() && desk.allBusy().isEmpty() && books.hasWaiting() && idleProgress != books.progress();
    }

    private void plan(Collection<ItemId> items, Instant now) {
        items.forEach(outgoing::meet);
        items.forEach(incoming::meet);
        items.forEach(leftBehind::meet);
        items.forEach(intents::resolve);
        if (latestProgress != books.progress()) {
            latestProgress = books.progress();
            plannedLately.clear();
        }
        plannedLately.addAll(items);
        Plan plan = Planner.plan(books.trees, items, context(now));
        Set<ItemId> judged = new HashSet<>();
        Set<ItemId> unfinished = new HashSet<>();
        for (Operation operation : plan.operations()) {
            if (operation instanceof Operation.Park) {
                judged.add(operation.item());
            }
            if (!isBookkeeping(operation)) {
                unfinished.addAll(hands(operation));
            }
            // Should it come to nothing, the other one is on its own again.
            Workbench.others(operation).ifPresent(other -> books.waitFor(other, operation.item()));
            if (!hasToWait(operation)) {
                carryOut(operation, now);
            }
        }
        items.stream().filter(id -> !judged.contains(id)).forEach(retries::acquit);
        items.stream().filter(this::isNowhere).forEach(retries::succeeded);
        for (ItemId id : items) {
            if (!unfinished.contains(id) && !desk.isBusy(id) && !retries.isWaiting(id, now)) {
                retries.succeeded(id);
                workbench.unstage(id);
            }
        }
    }

    /** Nothing is left that could be tried again. */
    private boolean isNowhere(ItemId id) {
        return !books.remote.has(id) && !books.synced.has(id) && books.local.get(id).isEmpty() && !desk.isBusy(id);
    }

    private PlanContext context(Instant now) {
        return new PlanContext(
                id -> desk.isBusy(id) || retries.isWaiting(id, now),
                id -> desk.busy(id).orElse(null) instanceof Busy.Settling settling && settling.created(),
                hidden::holds,
                keptLocal::holds,
                books.seq(),
                options.canWrite(),
                options.deviceName(),
                now,
                ids.next());
    }

    /** Done as soon as it is decided. */
    private static boolean isBookkeeping(Operation operation) {
        return operation instanceof Operation.Agree
                || operation instanceof Operation.Adopt
                || operation instanceof Operation.Forget
                || operation instanceof Operation.Resurface
                || operation instanceof Operation.EditWon;
    }

    /** The items that an operation takes hold of. */
    private static List<ItemId> hands(Operation operation) {
        return operation instanceof Operation.Send send
                ? Settlement.items(send.mutation())
                : Stream.concat(Stream.of(operation.item()), Workbench.others(operation).stream()).toList();
    }

    /** It would be done in vain, or refused by the disk, if the file's bytes were others than is believed. */
    private static boolean concernsBytes(Operation operation) {
        return switch (operation) {
            case Operation.Show show -> true;
            case Operation.Touch touch -> true;
            case Operation.Remove remove -> true;
            case Operation.Send send ->
                    send.mutation() instanceof Mutation.PutFile
                            || send.mutation() instanceof Mutation.SetMetadata
                            || send.mutation() instanceof Mutation.Restore;
            default -> false;
        };
    }

    /** One plan may ask two things of an item, of the disk and of the server: one after the other. */
    private boolean hasToWait(Operation operation) {
        if (isBookkeeping(operation) || operation instanceof Operation.Wait || operation instanceof Operation.Park) {
            return false;
        }
        List<ItemId> hands = hands(operation);
        boolean bytesMatter = concernsBytes(operation);
        Optional<ItemId> busy =
                hands.stream().filter(id -> desk.isBusy(id) || bytesMatter && hashing.isWanted(id)).findFirst();
        busy.ifPresent(on -> hands.forEach(id -> books.waitFor(id, on)));
        return busy.isPresent();
    }

    private void carryOut(Operation operation, Instant now) {
        switch (operation) {
            case Operation.Agree agree -> Agreements.agree(books, agree);
            case Operation.Adopt adopt -> {
                Agreements.adopt(books, adopt, hashing);
                desk.scan.want(adopt.item(), true);
            }
            case Operation.Forget forget -> outcome.forget(forget.item());
            case Operation.Resurface resurface -> outcome.forget(resurface.item());
            case Operation.Wait wait -> {
                books.waitFor(wait.item(), wait.on());
                boolean stays = leftBehind.leaveAround(wait.item(), wait.on());
                if (!stays && !plannedLately.contains(wait.on()) && !desk.isBusy(wait.on())) {
                    books.markDirty(wait.on());
                }
            }
            case Operation.Park park -> retries.judge(park.item(), park.code(), park.message());
            case Operation.EditWon won -> news.say(ClientEvent.What.EDIT_WON, won.item(), won.detail());
            case Operation.Send send -> outgoing.pass(send, now).ifPresent(passed -> outbox.add(passed, now));
            case Operation.MakeFolder op -> workbench.add(op, now);
            case Operation.Show op -> workbench.add(op, now);
            case Operation.Shift op -> workbench.add(op, now);
            case Operation.Touch op -> workbench.add(op, now);
            case Operation.Remove op -> {
                // A person chose what is hidden: that is no deletion that could be held.
                if (hidden.holds(op.item()) || incoming.passes(op.item(), now)) {
                    workbench.add(op, now);
                }
            }
        }
    }
}
