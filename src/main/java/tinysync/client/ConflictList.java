package tinysync.client;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.client.engine.EngineState;
import tinysync.client.engine.StateChange;
import tinysync.tree.ConflictNames;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.LocalNode;
import tinysync.wire.Times;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The conflict copies of an attachment, whichever device made them, with where they and their originals are. A copy is
 * known by its name, so that every device lists the same; a person who gives it another name has dealt with it. What
 * this device remembers of making one tells its original even where that has been renamed.
 */
final class ConflictList {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH.mm.ss", Locale.ROOT);

    /** The last mark counts: the first may be part of the original's name. */
    private static final Pattern MARK =
            Pattern.compile(
                    ".* \\(conflicted copy, (?<device>.+), (?<time>\\d{4,}-\\d\\d-\\d\\d \\d\\d\\.\\d\\d\\.\\d\\d)"
                            + " UTC\\).*",
                    Pattern.DOTALL);

    /** Where an item is seen: in the folder, else in the vault. */
    private record Spot(Optional<ItemId> parent, String name) {}

    private record Sibling(ItemId parent, String name) {}

    private record Copy(String path, JsonObject json) {}

    private final Map<ItemId, Spot> spots = new HashMap<>();
    private final Map<Sibling, ItemId> bySibling = new HashMap<>();
    private final Map<ItemId, StateChange.PutConflict> made;

    ConflictList(EngineState state) {
        for (Item item : state.remote()) {
            if (!item.deleted()) {
                spots.put(item.id(), new Spot(item.parent(), item.name()));
            }
        }
        for (LocalNode node : state.local()) {
            if (node.isPresent()) {
                spots.put(node.id(), new Spot(node.parent(), node.name()));
            } else if (node.isAbsent()) {
                spots.remove(node.id());
            }
        }
        spots.forEach(
                (id, spot) -> spot.parent().ifPresent(parent -> bySibling.put(new Sibling(parent, spot.name()), id)));
        made = state.conflicts().stream().collect(Collectors.toMap(StateChange.PutConflict::copy, one -> one));
    }

    /** As {@code conflicts --json} lists them, by path. */
    List<JsonObject> encode(String attachment) {
        List<Copy> copies = new ArrayList<>();
        spots.forEach(
                (id, spot) -> {
                    if (ConflictNames.isCopyName(spot.name())) {
                        path(id).ifPresent(path -> copies.add(new Copy(path, encode(attachment, id, spot, path))));
                    }
                });
        return copies.stream().sorted(Comparator.comparing(Copy::path)).map(Copy::json).toList();
    }

    private JsonObject encode(String attachment, ItemId copy, Spot spot, String path) {
        JsonObject json =
                new JsonObject()
                        .add("attachment", attachment)
                        .add("copy", new JsonObject().add("item", copy.toString()).add("path", path))
                        .add("original", original(copy, spot, path));
        Matcher mark = MARK.matcher(spot.name());
        JsonArray devices = new JsonArray();
        if (mark.matches()) {
            devices.add(mark.group("device"));
            time(copy, mark.group("time")).ifPresent(time -> json.add("time", Times.format(time)));
        }
        return json.add("devices", devices);
    }

    /** The item beside the copy; where there is none any more, only the path that it had. */
    private JsonObject original(ItemId copy, Spot spot, String path) {
        String name = ConflictNames.originalName(spot.name());
        Optional<ItemId> remembered = Optional.ofNullable(made.get(copy)).map(StateChange.PutConflict::original);
        Optional<ItemId> found =
                remembered
                        .filter(id -> path(id).isPresent())
                        .or(() -> spot.parent().map(parent -> bySibling.get(new Sibling(parent, name))));
        JsonObject json = new JsonObject();
        found.ifPresent(id -> json.add("item", id.toString()));
        String folder = path.substring(0, path.length() - spot.name().length());
        return json.add("path", found.flatMap(this::path).orElse(folder + name));
    }

    /** To the second, as the name has it, on the device that knows it better too: both shall say the same. */
    private Optional<Instant> time(ItemId copy, String written) {
        try {
            return Optional.of(LocalDateTime.parse(written, TIME).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException typedByHand) {
            return Optional.ofNullable(made.get(copy)).map(one -> one.time().truncatedTo(ChronoUnit.SECONDS));
        }
    }

    /** Empty when it or a folder above it is gone. */
    private Optional<String> path(ItemId id) {
        Deque<String> names = new ArrayDeque<>();
        Optional<Spot> at = Optional.ofNullable(spots.get(id));
        while (at.isPresent() && names.size() <= spots.size()) {
            if (at.get().parent().isEmpty()) {
                return Optional.of(String.join("/", names));
            }
            names.push(at.get().name());
            at = at.get().parent().map(spots::get);
        }
        return Optional.empty();
    }
}
