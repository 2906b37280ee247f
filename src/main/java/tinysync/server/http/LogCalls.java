package tinysync.server.http;

import tinysync.server.core.BrowseRules;
import tinysync.server.core.LogRules;
import tinysync.server.core.SnapshotRules;
import tinysync.server.live.VaultService;
import tinysync.tree.Cursor;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.wire.CommonCodec;
import tinysync.wire.CommonPoint;
import tinysync.wire.CursorCodec;
import tinysync.wire.ErrorCode;
import tinysync.wire.ItemCodec;
import tinysync.wire.LogCodec;
import tinysync.wire.LogPage;
import tinysync.wire.Ndjson;
import tinysync.wire.Refusal;
import tinysync.wire.Role;
import tinysync.wire.SnapshotCodec;
import tinysync.wire.SnapshotPage;
import tinysync.wire.StrictJson;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a vault holds and what happened in it: snapshot, log, fork point, single items. */
final class LogCalls {
    private static final int SNAPSHOT_PAGE = 2_000;

    private final HttpServices services;

    LogCalls(HttpServices services) {
        this.services = services;
    }

    List<Route> routes() {
        Route.Need need = Route.Need.DEVICE_OR_ADMIN;
        return List.of(
                new Route("GET", "/v1/vaults/{v}/snapshot", need, Role.READ, this::snapshot),
                new Route("GET", "/v1/vaults/{v}/log", need, Role.READ, this::log),
                new Route("POST", "/v1/vaults/{v}/log/common", need, Role.READ, this::common),
                new Route("GET", "/v1/vaults/{v}/items/{item}", need, Role.READ, this::item),
                new Route("GET", "/v1/vaults/{v}/items/{item}/children", need, Role.READ, this::childrenOf),
                new Route("GET", "/v1/vaults/{v}/children", need, Role.READ, this::childrenByQuery));
    }

    private VaultService vault(Call call) {
        return services.vaults().of(call.vault());
    }

    private void snapshot(Call call) throws IOException {
        VaultService vault = vault(call);
        int limit = call.limit(SNAPSHOT_PAGE, SnapshotRules.PAGE_MAX);
        call.answerKept(
                Ndjson.MEDIA_TYPE,
                out -> {
                    SnapshotPage page = vault.read(tx -> SnapshotRules.page(tx, vault.id(), call.query("page"), limit));
                    SnapshotCodec.write(out, page);
                });
    }

    private void log(Call call) throws IOException {
        VaultService vault = vault(call);
        Cursor cursor =
                call.query("cursor")
                        .map(CursorCodec::decodeQuery)
                        .orElseThrow(() -> new Refusal(ErrorCode.BAD_REQUEST, "the log needs a cursor"));
        int limit = call.limit(LogRules.PAGE_MAX, LogRules.PAGE_MAX);
        call.answerKept(
                Call.JSON,
                out -> {
                    LogPage page = vault.read(tx -> LogRules.page(tx, cursor, limit));
                    out.write(StrictJson.utf8(LogCodec.encode(page)));
                });
    }

    private void common(Call call) throws IOException {
        VaultService vault = vault(call);
        List<Cursor> checkpoints = CommonCodec.decodeRequest(call.json());
        // The body may have taken its time.
        services.access().require(call.who(), vault.id(), Role.READ);
        CommonPoint common = vault.read(tx -> LogRules.common(tx, checkpoints));
        call.answer(200, CommonCodec.encode(common));
    }

    private void item(Call call) throws IOException {
        VaultService vault = vault(call);
        ItemId id = new ItemId(call.uuid("item"));
        Item item = vault.read(tx -> BrowseRules.item(tx, id));
        call.answer(200, ItemCodec.encode(item));
    }

    private void childrenOf(Call call) throws IOException {
        children(call, new ItemId(call.uuid("item")));
    }

    private void childrenByQuery(Call call) throws IOException {
        ItemId parent =
                call.query("parent")
                        .flatMap(ItemId::tryParse)
                        .orElseThrow(() -> new Refusal(ErrorCode.BAD_REQUEST, "parent must be the id of a folder"));
        children(call, parent);
    }

    private void children(Call call, ItemId folder) throws IOException {
        VaultService vault = vault(call);
        int limit = call.limit(BrowseRules.PAGE_MAX, BrowseRules.PAGE_MAX);
        Optional<ItemId> after = call.after().map(ItemId::new);
        call.answerKept(
                Call.JSON,
                out -> {
                    List<Item> items = vault.read(tx -> BrowseRules.children(tx, folder, after, limit));
                    Optional<ItemId> next =
                            items.size() == limit ? Optional.of(items.getLast().id()) : Optional.empty();
                    out.write(StrictJson.utf8(Views.page("items", items, ItemCodec::encode, next)));
                });
    }
}
