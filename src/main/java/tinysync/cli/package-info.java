/**
 * The command line: flags, commands, output, exit codes.
 *
 * <p>A command reads its {@link tinysync.cli.Arguments}, asks a running client, a server or the files of a home, and
 * prints; no rule of synchronisation is decided here. A command is declared once, with its options, its help and what
 * it does, in {@link tinysync.cli.Commands}. Commands other than {@code server} and {@code client} start no logger: its
 * first use costs more than most of them.
 *
 * <p>Start with {@link tinysync.cli.Cli}, where also everything that can go wrong ends.
 */
package tinysync.cli;
