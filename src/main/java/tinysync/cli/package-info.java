/**
 * The command line: flags, commands, output, exit codes.
 *
 * <p>A command reads its {@link tinysync.cli.Arguments}, asks a running client, a server or the files of a home, and
 * prints; no rule of synchronisation is decided here. All texts that say how a command is used are in {@link
 * tinysync.cli.Usages}. Commands other than {@code server} and {@code client} start no logger: its first use costs more
 * than most of them.
 *
 * <p>Start with {@link tinysync.cli.Cli}.
 */
package tinysync.cli;
