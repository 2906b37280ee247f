package tinysync.cli;

import java.util.List;
import java.util.stream.Collectors;

/** The manual page, made from the table of commands; in the macros of man(7). */
final class Manual {
    private final StringBuilder page = new StringBuilder();

    static String page(String version) {
        Manual manual = new Manual();
        manual.write(version);
        return manual.page.toString();
    }

    private void write(String version) {
        macro("TH TINYSYNC 1 \"\" \"tinysync " + text(version) + "\" \"User Commands\"");
        macro("SH NAME");
        line("tinysync - keeps folders the same on all your devices, through a server of your own");
        macro("SH SYNOPSIS");
        line("tinysync COMMAND [OPTIONS]");
        macro("SH DESCRIPTION");
        line("A server keeps vaults; a client on each device keeps folders in step with them.");
        line("Options work before and after the command.");
        line("A value comes from its flag, else from a variable TINYSYNC_NAME, else from the file of --config.");
        macro("SH OPTIONS");
        options(Command.GLOBAL);
        macro("SH COMMANDS");
        Commands.ALL.forEach(this::command);
        macro("SH EXIT STATUS");
        line(
                "0 done, 1 failed or timed out, 2 wrong usage, 3 not reachable, 4 held for confirmation, 5 access"
                        + " refused.");
        macro("SH FILES");
        line("Below the home, which is ~/.local/share/tinysync unless --home or TINYSYNC_HOME say otherwise,");
        line("identity.json says who this device is to its servers. Inside a folder that is kept in sync");
        line(
                "everything of ours is below .tinysync; .tinysyncignore keeps files out of the vault, with the rules of"
                        + " git.");
        macro("SH ENVIRONMENT");
        line("TINYSYNC_NO_REEXEC keeps the Java flags that the program was started with.");
        line("TINYSYNC_DEBUG shows where a fault came from. NO_COLOR is always honoured: there are no colours.");
    }

    private void command(Command command) {
        macro("SS " + text(command.words()));
        line(command.synopsis());
        macro("PP");
        line(command.summary());
        if (!command.details().isEmpty()) {
            line(command.details());
        }
        options(command.options());
        List<String> examples = Examples.of(command);
        if (!examples.isEmpty()) {
            macro("PP");
            line("For example:");
            macro("PP");
            macro("nf");
            macro("RS");
            examples.forEach(this::line);
            macro("RE");
            macro("fi");
        }
    }

    private void options(List<Option> options) {
        for (Option option : options) {
            macro("TP");
            line(option.shown());
            line(option.explained());
        }
    }

    private void macro(String macro) {
        page.append('.').append(macro).append('\n');
    }

    /** A line that begins with a point or a quote would be taken for a macro. */
    private void line(String plain) {
        String safe = text(plain);
        page.append(safe.startsWith(".") || safe.startsWith("'") ? "\\&" : "").append(safe).append('\n');
    }

    private static String text(String plain) {
        return plain.codePoints()
                .mapToObj(
                        c ->
                                switch (c) {
                                    case '\\' -> "\\e";
                                    case '-' -> "\\-";
                                    case '\'' -> "\\(aq";
                                    case '~' -> "\\(ti";
                                    case '^' -> "\\(ha";
                                    case '`' -> "\\(ga";
                                    default -> Character.toString(c);
                                })
                .collect(Collectors.joining());
    }
}
