package tinysync.client.engine;

import tinysync.tree.BuiltInIgnores;
import tinysync.tree.IgnoreRules;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.tree.LocalTree;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which new entries are kept out of the vault: our own rules, what was to stay on this disk alone, and every {@code
 * .tinysyncignore} from the entry upwards.
 */
final class Ignores {
    private final LocalTree local;
    private final KeptLocal keptLocal;
    private final Map<ItemId, String> texts = new HashMap<>();
    private final Map<ItemId, IgnoreRules> rules = new HashMap<>();

    Ignores(LocalTree local, KeptLocal keptLocal) {
        this.local = local;
        this.keptLocal = keptLocal;
    }

    /** Takes over a folder's rules; true when they are not those from before. */
    boolean set(ItemId folder, Optional<String> text) {
        boolean changed = !Optional.ofNullable(texts.get(folder)).equals(text);
        if (text.isPresent()) {
            texts.put(folder, text.get());
            rules.put(folder, IgnoreRules.parse(text.get()));
        } else {
            texts.remove(folder);
            rules.remove(folder);
        }
        return changed;
    }

    /** The rule that keeps an entry out, or empty. The nearest folder's last matching rule wins, as in git. */
    Optional<String> excludes(ItemId folder, String name, boolean isFolder) {
        Optional<LocalNode> at = local.get(folder);
        String whole = local.path(folder).filter(p -> !p.isEmpty()).map(p -> p + "/" + name).orElse(name);
        if (keptLocal.isAt(whole)) {
            return Optional.of("kept on this disk alone");
        }
        Optional<String> builtIn = BuiltInIgnores.match(whole, isFolder);
        if (builtIn.isPresent() || rules.isEmpty()) {
            return builtIn;
        }
        String path = name;
        while (at.isPresent()) {
            IgnoreRules here = rules.get(at.get().id());
            if (here != null) {
                switch (here.match(path, isFolder)) {
                    case IgnoreRules.Verdict.Ignored ignored -> {
                        return Optional.of(ignored.rule());
                    }
                    case IgnoreRules.Verdict.Kept kept -> {
                        return Optional.empty();
                    }
                    case IgnoreRules.Verdict.None none -> {}
                }
            }
            path = at.get().name() + "/" + path;
            at = at.get().parent().flatMap(local::get);
        }
        return Optional.empty();
    }
}
