package tinysync.cli;

import tinysync.client.Daemon;
import tinysync.client.Membership;
import tinysync.client.engine.EngineOptions.HoldLimit;

import java.io.IOException;
import java.util.Optional;

/** {@code client}: runs the daemon until it is told to stop. */
final class ClientCommand {
    private final Context context;
    private final Arguments arguments;

    ClientCommand(Context context) {
        this.context = context;
        this.arguments = context.arguments();
    }

    Exit run() throws CommandFailure, IOException, InterruptedException, Membership.NotPossibleException {
        if (arguments.value("--limit-up").isPresent() || arguments.value("--limit-down").isPresent()) {
            throw CommandFailure.usage("limits on the rate are not in this version");
        }
        HoldLimit hold = holdLimit();
        context.needJoined();
        CleanExit end = new CleanExit();
        boolean started = false;
        try {
            Daemon daemon = Daemon.start(context.home(), hold, Version.text());
            end.closes(daemon::close);
            daemon.openSocket(context.terminal().environment());
            context.terminal().announce("ready");
            started = true;
            return end.await();
        } finally {
            if (!started) {
                end.failed();
            }
        }
    }

    private HoldLimit holdLimit() throws CommandFailure {
        String text = arguments.value("--hold-deletes").orElse("");
        if (text.isEmpty()) {
            return HoldLimit.DEFAULT;
        }
        if (text.equals("off")) {
            return HoldLimit.OFF;
        }
        if (text.matches("[0-9]{1,9}")) {
            return new HoldLimit(true, Optional.of(Long.parseLong(text)), Optional.empty());
        }
        if (text.matches("[0-9]{1,2}%|100%")) {
            int percent = Integer.parseInt(text.substring(0, text.length() - 1));
            return new HoldLimit(true, Optional.empty(), Optional.of(percent));
        }
        throw CommandFailure.usage("option --hold-deletes takes a number, a percentage such as 25%, or off");
    }
}
