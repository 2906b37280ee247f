package tinysync.cli;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.client.Membership;
import tinysync.client.remote.RemoteException;
import tinysync.client.state.Attachment;
import tinysync.platform.SystemRandom;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.ItemName;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** {@code select}: which parts of its vault a folder shows. */
final class SelectCommand {
    private final Context context;
    private final Arguments arguments;

    SelectCommand(Context context) {
        this.context = context;
        this.arguments = context.arguments();
    }

    Exit run() throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        List<String> paths = arguments.operands().subList(1, arguments.operands().size());
        boolean only = arguments.on("--only");
        boolean all = arguments.on("--all");
        if (only && all || only == paths.isEmpty()) {
            throw CommandFailure.usage("say --only with the paths that are wanted, or --all");
        }
        Attachment attachment = context.oneAttachment(arguments.operand(0));
        Set<ItemId> hidden = all ? Set.of() : attachment.selection().hidden();
        try (Servers servers = new Servers(context.identities())) {
            Servers.Attached attached =
                    servers.attachments().stream()
                            .filter(one -> one.attachment().id().equals(attachment.id()))
                            .findFirst()
                            .orElseThrow();
            if (only) {
                hidden = allBut(paths, attached);
            }
            if (only || all) {
                choose(attached, hidden);
            }
        }
        JsonArray ids = new JsonArray();
        hidden.stream().sorted().forEach(id -> ids.add(id.toString()));
        String text =
                hidden.isEmpty()
                        ? "'" + attachment.name() + "' shows all of its vault"
                        : "'"
                                + attachment.name()
                                + "' leaves out "
                                + hidden.size()
                                + " of its vault's items, with all below them";
        context.show(text, new JsonObject().add("name", attachment.name()).add("hidden", ids));
        return Exit.DONE;
    }

    private void choose(Servers.Attached attached, Set<ItemId> hidden)
            throws CommandFailure, RemoteException, IOException, Membership.NotPossibleException {
        Attachment attachment = attached.attachment();
        JsonArray ids = new JsonArray();
        hidden.forEach(id -> ids.add(id.toString()));
        context.askOrDo(
                daemon -> daemon.call("select", new JsonObject().add("name", attachment.name()).add("hidden", ids)),
                home -> {
                    new Membership(home, new SystemRandom())
                            .select(home.account(attached.server().identity().serverId()), attachment.id(), hidden);
                    return new JsonObject();
                });
    }

    /** A folder on the way to what is wanted. */
    private record Passed(Item folder, List<String> path) {}

    /** The topmost items that neither are wanted, nor lie in what is, nor hold it. */
    private static Set<ItemId> allBut(List<String> paths, Servers.Attached attached)
            throws CommandFailure, RemoteException {
        SystemRandom random = new SystemRandom();
        UUID instance = attached.server().identity().instance().orElseGet(random::uuid);
        VaultFiles files = new VaultFiles(attached.server().api(), attached.vault(), instance, random);
        Set<List<String>> wanted = new HashSet<>();
        for (String path : paths) {
            List<String> names = VaultPlace.names(path).stream().map(ItemName::normalize).toList();
            files.need(names);
            wanted.add(names);
        }
        Set<ItemId> hidden = new HashSet<>();
        Deque<Passed> left = new ArrayDeque<>();
        if (!wanted.contains(List.<String>of())) {
            left.add(new Passed(files.need(List.of()), List.of()));
        }
        while (!left.isEmpty()) {
            Passed at = left.pop();
            for (Item child : files.children(at.folder().id())) {
                List<String> path = new ArrayList<>(at.path());
                path.add(child.name());
                boolean holdsWanted =
                        wanted.stream().anyMatch(one -> one.size() > path.size() && startsWith(one, path));
                if (!wanted.contains(path) && holdsWanted) {
                    left.add(new Passed(child, path));
                } else if (!wanted.contains(path)) {
                    hidden.add(child.id());
                }
            }
        }
        return hidden;
    }

    private static boolean startsWith(List<String> path, List<String> folder) {
        return path.subList(0, folder.size()).equals(folder);
    }
}
