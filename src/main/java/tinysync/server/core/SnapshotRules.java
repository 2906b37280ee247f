package tinysync.server.core;

import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.VaultId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;
import tinysync.wire.SnapshotPage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tree, page by page in the order of item ids. Each page is a state of its own; all begin from the same place in
 * the log, so replaying the log from there, while ignoring events that are not newer than a view, gives the head. Only
 * reads.
 */
public final class SnapshotRules {
    /** The most items of one page. */
    public static final int PAGE_MAX = 10_000;

    private static final int ROWS_AT_ONCE = 250;

    /** Where a page ends early, see {@link #text}. */
    private static final long PAGE_TEXT_MAX = 4L << 20;

    private SnapshotRules() {}

    /**
     * @param vault whose rows these are; the rows themselves do not say it
     * @param token what the page before gave; empty for the first
     * @param limit at most this many items (cut to 1 … {@value #PAGE_MAX}); a page may have fewer and not be the last
     * @throws Refusal bad_request for a token that was never given, history_forked, cursor_expired
     */
    public static SnapshotPage page(VaultTx tx, VaultId vault, Optional<String> token, int limit) {
        Optional<Token> from = token.map(Token::parse);
        Cursor at = from.map(Token::at).orElseGet(() -> LogRules.head(tx));
        from.ifPresent(t -> LogRules.checkCursor(tx, t.at()));
        Tree tree = new Tree(tx);
        List<Item> items = new ArrayList<>();
        Optional<ItemId> behind = from.map(Token::last);
        boolean more = true;
        int left = Math.clamp(limit, 1, PAGE_MAX);
        long text = 0;
        while (more && left > 0 && text < PAGE_TEXT_MAX) {
            // A few at a time: nobody knows how large they are before they are read.
            int some = Math.min(left, ROWS_AT_ONCE);
            List<ItemRow> rows = tx.itemsAfter(behind, some);
            rows.stream().filter(tree::lives).map(ItemRow::item).forEach(items::add);
            text += rows.stream().mapToLong(row -> text(row.item())).sum();
            left -= rows.size();
            more = rows.size() == some;
            behind = rows.isEmpty() ? behind : Optional.of(rows.getLast().item().id());
        }
        Optional<String> next = more ? behind.map(last -> new Token(at, last).text()) : Optional.empty();
        Optional<Long> total = from.isPresent() ? Optional.empty() : Optional.of(totals(tx).items());
        return new SnapshotPage(vault, at, total, items, next);
    }

    /** The characters of what clients may choose freely: names, targets, attributes. */
    static long text(Item item) {
        return item.name().length() + item.target().map(String::length).orElse(0) + item.attrs().length();
    }

    /** Living items (the root among them) and the bytes of their contents. */
    public static Totals totals(VaultTx tx) {
        Totals totals = tx.totals();
        List<ItemId> dying = tx.dying(Integer.MAX_VALUE);
        for (ItemId folder : dying) {
            Totals dead = tx.totalsBelow(folder);
            totals = new Totals(totals.items() - dead.items(), totals.bytes() - dead.bytes());
        }
        return totals;
    }

    /** Where a page ended. It comes back from outside, so it is read as strictly as anything else. */
    private record Token(Cursor at, ItemId last) {

        static Token parse(String text) {
            int dash = text.indexOf('~');
            Optional<Cursor> at = dash < 0 ? Optional.empty() : Cursor.tryParse(text.substring(0, dash));
            Optional<ItemId> last = dash < 0 ? Optional.empty() : ItemId.tryParse(text.substring(dash + 1));
            if (at.isEmpty() || last.isEmpty()) {
                throw new Refusal(ErrorCode.BAD_REQUEST, "not a page of a snapshot");
            }
            return new Token(at.get(), last.get());
        }

        String text() {
            return at.query() + "~" + last;
        }
    }
}
