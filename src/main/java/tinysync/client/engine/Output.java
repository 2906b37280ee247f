package tinysync.client.engine;

import java.util.List;

/** What one step of the engine gives: first make {@code changes} durable, then perform {@code effects} in order. */
public record Output(List<StateChange> changes, List<Effect> effects) {
    public Output {
        changes = List.copyOf(changes);
        effects = List.copyOf(effects);
    }
}
