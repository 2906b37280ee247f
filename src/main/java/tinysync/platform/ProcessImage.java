package tinysync.platform;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The program that this process runs: how it was called, and another one in its place, under the same process id.
 *
 * <p>Texts are UTF-8 in both directions, whatever the locale; Java's own arguments and environment are damaged where
 * the locale cannot express them.
 */
public final class ProcessImage {
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int SIG_SETMASK = 2;
    private static final int SIGNAL_SET_BYTES = 8;
    private static final int STANDARD_STREAMS = 3;

    private ProcessImage() {}

    /** Whether {@link #replace} works on this system. */
    public static boolean supported() {
        return Kernel.isSupported();
    }

    /**
     * Runs another program in this process. All threads end as if by {@code kill -9}: no shutdown hook runs, nothing is
     * flushed, so call it early or after cleaning up. Standard input, output and error stay open, all else is closed.
     *
     * @param executable absolute
     * @param argv all arguments, the first being the program's own name
     * @param env the whole environment of the new program
     * @throws FsException always, if it returns at all; this process then goes on, but its open files are marked to be
     *     closed in programs that it replaces itself with
     */
    public static void replace(Path executable, List<String> argv, Map<String, String> env) throws FsException {
        String attempt = "run " + executable + " in place of this program";
        if (!supported()) {
            throw new FsException(Errno.ENOSYS, attempt);
        }
        List<String> settings = new ArrayList<>();
        env.forEach((key, value) -> settings.add(key + "=" + value));
        try (Frame frame = new Frame()) {
            long path = frame.text(Names.text(executable.toString()));
            long arguments = pointers(frame, argv);
            long environment = pointers(frame, settings);
            closeOnReplacement(frame, attempt);
            throw FsException.numbered((int) -execute(frame, path, arguments, environment), attempt);
        }
    }

    /** Java blocks a signal in its threads, and the new program would never get it. */
    private static long execute(Frame frame, long path, long arguments, long environment) {
        MemorySegment none = frame.allocate(SIGNAL_SET_BYTES);
        MemorySegment before = frame.allocate(SIGNAL_SET_BYTES);
        mask(frame, none.address(), before.address());
        long result = Kernel.call(frame, Kernel.Call.EXECVE, path, arguments, environment);
        mask(frame, before.address(), 0);
        return result;
    }

    private static void mask(Frame frame, long signals, long before) {
        Kernel.call(frame, Kernel.Call.RT_SIGPROCMASK, SIG_SETMASK, signals, before, SIGNAL_SET_BYTES);
    }

    private static long pointers(Frame frame, List<String> texts) throws FsException {
        MemorySegment pointers = frame.allocate((texts.size() + 1L) * Long.BYTES);
        for (int i = 0; i < texts.size(); i++) {
            pointers.setAtIndex(JAVA_LONG, i, frame.text(Names.text(texts.get(i))));
        }
        return pointers.address();
    }

    /** Java's own files and sockets would stay open in the new program, with the ports and locks that they hold. */
    private static void closeOnReplacement(Frame frame, String attempt) throws FsException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path one : open) {
                int number = Integer.parseInt(one.getFileName().toString());
                if (number >= STANDARD_STREAMS) {
                    Kernel.call(frame, Kernel.Call.FCNTL, number, F_SETFD, FD_CLOEXEC);
                }
            }
        } catch (DirectoryIteratorException unreadable) {
            throw FsException.of(unreadable.getCause(), attempt);
        } catch (IOException unreadable) {
            throw FsException.of(unreadable, attempt);
        }
    }

    /** The command line that this process was started with, the program's own name first. */
    public static List<String> arguments() throws FsException {
        return texts("/proc/self/cmdline");
    }

    /** The environment that this process was started with. */
    public static Map<String, String> environment() throws FsException {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String setting : texts("/proc/self/environ")) {
            int equals = setting.indexOf('=');
            if (equals > 0) {
                environment.put(setting.substring(0, equals), setting.substring(equals + 1));
            }
        }
        return environment;
    }

    private static List<String> texts(String file) throws FsException {
        try {
            String all = Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
            List<String> texts = new ArrayList<>();
            for (int start = 0, end = all.indexOf('\0'); end >= 0; start = end + 1, end = all.indexOf('\0', start)) {
                byte[] bytes = all.substring(start, end).getBytes(StandardCharsets.ISO_8859_1);
                texts.add(new String(bytes, StandardCharsets.UTF_8));
            }
            return texts;
        } catch (IOException unreadable) {
            throw FsException.of(unreadable, "read " + file);
        }
    }
}
