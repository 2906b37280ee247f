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
        int count = Math.clamp(limit, 1, PAGE_MAX);
        List<ItemRow> rows = tx.itemsAfter(from.map(Token::last), count);
        Tree tree = new Tree(tx);
        List<Item> items = new ArrayList<>();
        for (ItemRow row : rows) {
            if (tree.lives(row)) {
                items.add(row.item());
            }
        }
        boolean last = rows.size() < count;
        Optional<String> next = last ? Optional.empty() : Optional.of(new Token(at, rows.getLast().item().id()).text());
        Optional<Long> total = from.isPresent() ? Optional.empty() : Optional.of(totals(tx).items());
        return new SnapshotPage(vault, at, total, items, next);
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
