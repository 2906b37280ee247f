package tinysync.server.http;

import tinysync.server.core.AccessRules;
import tinysync.server.core.AdminRules;
import tinysync.server.core.Principal;
import tinysync.server.core.Reach;
import tinysync.server.core.RegistryTx;
import tinysync.server.core.SnapshotRules;
import tinysync.server.core.Totals;
import tinysync.server.core.VaultPolicy;
import tinysync.server.core.VaultRow;
import tinysync.server.core.VaultRules;
import tinysync.server.core.VaultState;
import tinysync.server.core.VaultTx;
import tinysync.server.live.Vaults;
import tinysync.tree.VaultId;
import tinysync.wire.Fields;
import tinysync.wire.Role;
import tinysync.wire.VaultView;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Vaults as a whole: made, listed, renamed, given another policy, removed. */
final class VaultCalls {
    private static final int PAGE = 200;
    private static final Duration DROP_PATIENCE = Duration.ofSeconds(5);

    private final HttpServices services;

    VaultCalls(HttpServices services) {
        this.services = services;
    }

    List<Route> routes() {
        return List.of(
                new Route("POST", "/v1/vaults", Route.Need.ADMIN, this::create),
                new Route("GET", "/v1/vaults", Route.Need.DEVICE_OR_ADMIN, this::list),
                new Route("GET", "/v1/vaults/{v}", Route.Need.DEVICE_OR_ADMIN, this::show),
                new Route("PATCH", "/v1/vaults/{v}", Route.Need.DEVICE_OR_ADMIN, this::change),
                new Route("DELETE", "/v1/vaults/{v}", Route.Need.ADMIN, this::remove));
    }

    private void create(Call call) throws IOException {
        Fields fields = call.json();
        String name = fields.text("name");
        VaultPolicy policy =
                fields.optObject("policy")
                        .map(given -> Views.patched(VaultPolicy.DEFAULT, given))
                        .orElse(VaultPolicy.DEFAULT);
        VaultId id = new VaultId(services.random().uuid());
        // A crash between the two leaves rows that nobody can name; the other order would leave a name without rows.
        Vaults.create(services.store(), services.random(), id, policy);
        try {
            services.access().change(tx -> AdminRules.createVault(tx, call.who(), id, name, services.clock().now()));
        } catch (RuntimeException e) {
            services.store().dropVault(id);
            throw e;
        }
        call.answer(201, view(id, name, Optional.empty()).encode());
    }

    private void list(Call call) throws IOException {
        Optional<VaultId> after = call.after().map(VaultId::new);
        int limit = call.limit(PAGE, PAGE);
        List<Reach> reach = services.access().read(tx -> reach(tx, call.who(), after, limit));
        List<VaultView> views = new ArrayList<>();
        for (Reach one : reach) {
            views.add(view(one.vault().id(), one.vault().name(), shownRole(call, one.role())));
        }
        boolean admin = call.who() instanceof Principal.Admin;
        Optional<VaultId> next =
                admin && reach.size() == limit ? Optional.of(reach.getLast().vault().id()) : Optional.empty();
        call.answer(200, Views.page("vaults", views, VaultView::encode, next));
    }

    /** A device reaches few enough to be told at once. */
    private static List<Reach> reach(RegistryTx tx, Principal who, Optional<VaultId> after, int limit) {
        return switch (who) {
            case Principal.Admin admin ->
                    tx.vaults(after, limit).stream().map(row -> new Reach(row, Role.MANAGE)).toList();
            case Principal.Device device -> AccessRules.reachable(tx, device.id());
        };
    }

    private static Optional<Role> shownRole(Call call, Role role) {
        return switch (call.who()) {
            case Principal.Admin admin -> Optional.empty();
            case Principal.Device device -> Optional.of(role);
        };
    }

    private VaultView view(VaultId id, String name, Optional<Role> role) {
        return services.vaults()
                .of(id)
                .read(
                        tx -> {
                            VaultState state = VaultRules.state(tx);
                            Totals totals = SnapshotRules.totals(tx);
                            return new VaultView(
                                    id,
                                    name,
                                    state.root(),
                                    state.head(),
                                    state.minRetained(),
                                    tx.epochs(),
                                    Views.policy(state.policy()),
                                    role,
                                    totals.items(),
                                    totals.bytes());
                        });
    }

    private void show(Call call) throws IOException {
        VaultId id = call.vault();
        Role role = services.access().require(call.who(), id, Role.READ);
        VaultRow row = services.access().read(tx -> tx.vault(id)).orElseThrow();
        call.answer(200, view(id, row.name(), shownRole(call, role)).encode());
    }

    private void change(Call call) throws IOException {
        VaultId id = call.vault();
        services.access().require(call.who(), id, Role.MANAGE);
        Fields fields = call.json();
        Optional<Fields> policy = fields.optObject("policy");
        Optional<String> name = fields.optText("name");
        if (name.isPresent() || policy.isPresent()) {
            services.vaults().of(id).write(tx -> change(tx, call.who(), id, name, policy));
            // Clients read both with /v1/me.
            services.watch().changed(id);
        }
        show(call);
    }

    /**
     * Under the vault's lock: both are judged before either is written. The name, which may be refused last, is in the
     * registry; a crash between the two leaves the new name with the old policy, and nobody was told otherwise.
     */
    private VaultState change(VaultTx tx, Principal who, VaultId id, Optional<String> name, Optional<Fields> patch) {
        services.access().require(who, id, Role.MANAGE);
        VaultPolicy before = VaultRules.state(tx).policy();
        VaultPolicy policy = patch.map(given -> Views.patched(before, given)).orElse(before);
        VaultRules.checkPolicy(tx, policy);
        name.ifPresent(given -> services.access().write(rows -> AdminRules.renameVault(rows, who, id, given)));
        return VaultRules.setPolicy(tx, policy);
    }

    private void remove(Call call) throws IOException {
        VaultId id = call.vault();
        services.access()
                .change(
                        tx -> {
                            AdminRules.removeVault(tx, call.who(), id);
                            return true;
                        });
        services.vaults().drop(id, DROP_PATIENCE);
        try {
            services.blobs().dropVault(id);
        } catch (IOException e) {
            throw new UncheckedIOException("the chunks of vault " + id + " could not be removed", e);
        }
        call.answerNothing(204);
    }
}
