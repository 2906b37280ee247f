package tinysync.cli;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.client.state.Home;
import tinysync.client.state.Identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@code config}: which values count, and where each comes from. Secrets are never shown. */
final class ConfigCommand {
    private static final String PREFIX = "TINYSYNC_";

    /** What they say is not about a setting. */
    private static final Set<String> SWITCHES = Set.of(Replacement.NEVER, "TINYSYNC_DEBUG");

    /** These only say what a single command is to do. */
    private static final Set<String> FOR_ONE_COMMAND = Set.of("--help", "--version");

    private final Context context;

    ConfigCommand(Context context) {
        this.context = Objects.requireNonNull(context);
    }

    private record Line(String name, String value, String origin) {
        JsonObject encode() {
            return new JsonObject().add("name", name).add("value", value).add("origin", origin);
        }

        String text() {
            return Terminal.printable(name + " = " + value + "  (" + origin + ")");
        }
    }

    Exit run() throws CommandFailure, IOException {
        List<Line> settings = settings();
        List<Line> servers = servers();
        List<String> unknown = unknownVariables();
        List<String> text = new ArrayList<>();
        settings.forEach(line -> text.add(line.text()));
        servers.forEach(line -> text.add(line.text()));
        unknown.forEach(name -> text.add(Terminal.printable(name + " is set, and no setting is called so")));
        JsonObject json =
                new JsonObject()
                        .add("settings", encode(settings))
                        .add("servers", encode(servers))
                        .add("unknown_variables", unknown(unknown));
        context.show(String.join("\n", text), json);
        return Exit.DONE;
    }

    private static JsonArray encode(List<Line> lines) {
        JsonArray all = new JsonArray();
        lines.forEach(line -> all.add(line.encode()));
        return all;
    }

    private static JsonArray unknown(List<String> names) {
        JsonArray all = new JsonArray();
        names.forEach(all::add);
        return all;
    }

    /** Every option that somebody gave a value, and those that have one by themselves. */
    private List<Line> settings() throws CommandFailure {
        List<Line> lines = new ArrayList<>();
        for (Option option : options()) {
            context.arguments()
                    .given(option)
                    .map(given -> new Line(option.setting(), withoutSecret(given.value()), given.origin()))
                    .or(() -> option.fallback().map(usual -> new Line(option.setting(), usual, "default")))
                    .ifPresent(lines::add);
        }
        if (lines.stream().noneMatch(line -> line.name().equals("home"))) {
            lines.addFirst(new Line("home", context.homePath().toString(), "default"));
        }
        return lines;
    }

    private static Collection<Option> options() {
        Map<String, Option> byName = new LinkedHashMap<>();
        Command.GLOBAL.forEach(option -> byName.put(option.name(), option));
        Commands.ALL.stream()
                .flatMap(Command::allOptions)
                .forEach(one -> byName.merge(one.name(), one, ConfigCommand::either));
        byName.keySet().removeAll(FOR_ONE_COMMAND);
        return byName.values();
    }

    /** Options of two commands may share their name; the one that has a value by itself tells more. */
    private static Option either(Option one, Option other) {
        return one.fallback().isPresent() ? one : other;
    }

    /** An address may hold a password, though none is ever asked for there. */
    private static String withoutSecret(String value) {
        return value.replaceFirst("^([a-z]+://)[^/@]*@", "$1***@");
    }

    private List<Line> servers() throws CommandFailure, IOException {
        Path home = context.homePath();
        List<Line> lines = new ArrayList<>();
        if (Files.isDirectory(home)) {
            for (Identity identity : Home.open(home).identities()) {
                String pin = identity.pin().map(hash -> ", key pinned " + hash.hex()).orElse("");
                lines.add(
                        new Line(
                                "server",
                                identity.server() + pin,
                                "joined as '"
                                        + identity.deviceName()
                                        + "', token tsdev_"
                                        + identity.device()
                                        + "_***"));
            }
        }
        return lines;
    }

    /** Most likely slips; what they hold is not shown, for it may be meant to be secret. */
    private List<String> unknownVariables() {
        Set<String> known = options().stream().map(Option::variable).collect(Collectors.toSet());
        known.addAll(SWITCHES);
        return new TreeSet<>(context.terminal().environment().keySet())
                .stream().filter(name -> name.startsWith(PREFIX) && !known.contains(name)).toList();
    }
}
