package tinysync.client;

import com.eclipsesource.json.JsonObject;

import tinysync.client.state.Attachment;
import tinysync.client.state.Home;
import tinysync.client.state.Identity;
import tinysync.client.state.Numbered;
import tinysync.client.state.StateStore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A home on which no daemon runs: what it remembers, and what the next daemon shall do. Its lock must be held. */
public final class Quiet {
    private final Home home;
    private final List<Attachment> chosen;

    /**
     * @param only one attachment; empty for all
     * @throws Membership.NotPossibleException when nothing is attached under that name
     */
    public Quiet(Home home, Optional<String> only) throws IOException, Membership.NotPossibleException {
        this.home = Objects.requireNonNull(home);
        List<Attachment> all = home.identities().stream().flatMap(identity -> identity.attachments().stream()).toList();
        this.chosen = all.stream().filter(attachment -> only.map(attachment.name()::equals).orElse(true)).toList();
        if (only.isPresent() && chosen.isEmpty()) {
            throw new Membership.NotPossibleException(Membership.notAttached(only.get(), all));
        }
    }

    /** The last events of each, as {@code events --json} prints them. */
    public List<JsonObject> events() throws IOException {
        List<JsonObject> events = new ArrayList<>();
        for (Attachment attachment : chosen) {
            Optional<StateStore> store = open(attachment);
            if (store.isPresent()) {
                try (StateStore state = store.get()) {
                    List<Numbered> latest = state.latestEvents(EventJson.LATEST);
                    latest.forEach(event -> events.add(EventJson.encode(attachment.name(), event)));
                }
            }
        }
        return events;
    }

    /** Known conflict copies, as {@code conflicts --json} lists them. */
    public List<JsonObject> conflicts() throws IOException {
        List<JsonObject> conflicts = new ArrayList<>();
        for (Attachment attachment : chosen) {
            Optional<StateStore> store = open(attachment);
            if (store.isPresent()) {
                try (StateStore state = store.get()) {
                    conflicts.addAll(new ConflictList(state.load()).encode(attachment.name()));
                }
            }
        }
        return conflicts;
    }

    /** The next daemon starts with these paused, or not. */
    public void remember(boolean paused) throws IOException {
        for (Identity identity : home.identities()) {
            for (Attachment attachment : identity.attachments()) {
                if (chosen.contains(attachment)) {
                    home.account(identity.serverId()).update(now -> now.with(attachment.withPaused(paused)));
                }
            }
        }
    }

    /** The next daemon compares disk and server anew, remembering nothing of them: that only merges. */
    public void startOver() throws IOException {
        for (Attachment attachment : chosen) {
            home.forget(attachment.id());
        }
    }

    /** Empty when it never ran. */
    private Optional<StateStore> open(Attachment attachment) throws IOException {
        Path database = home.database(attachment.id());
        return Files.exists(database) ? Optional.of(StateStore.open(database)) : Optional.empty();
    }
}
