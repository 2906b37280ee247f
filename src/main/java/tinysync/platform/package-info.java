/**
 * What the JDK lacks, and the few JDK calls that reach for the outside world: directories as open handles, stable file
 * identities, leases, exchange renames, change events, process replacement, private files, the clock and chance.
 *
 * <p><b>What it never does</b>: it knows no vault, no tree, no rule of synchronisation, and decides nothing. It never
 * follows a symbolic link below a directory that was opened, and it never turns "could not look" into "is not there".
 *
 * <p><b>Where to start</b>: {@link tinysync.platform.Disk#open} gives a {@link tinysync.platform.Dir}; everything that
 * happens below a root goes through it. On Linux ({@code x86-64} and {@code aarch64}) a {@code Dir} is a file
 * descriptor and each of its verbs is one or two system calls, made through {@code Kernel}, the only class that calls
 * native code by number. Elsewhere {@code PortableDir} does the same with {@code java.nio.file}, with the gaps named
 * there.
 */
package tinysync.platform;
