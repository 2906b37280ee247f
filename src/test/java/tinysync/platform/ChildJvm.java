package tinysync.platform;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A second Java process that does one thing which would disturb the process of the tests. */
final class ChildJvm {
    private ChildJvm() {}

    static Process start(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ChildJvm.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LC_ALL", "C");
        return builder.start();
    }

    /** What it prints, without the last line break. */
    static String run(String... arguments) throws Exception {
        Process process = start(arguments);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        return status == 0 ? output.stripTrailing() : output + "exit " + status;
    }

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "lock" -> System.out.println(lock(Path.of(arguments[1])));
            case "hold" -> hold(Path.of(arguments[1]));
            case "replace" -> replace();
            case "status" -> ProcessImage.replace(Path.of("/bin/cat"), List.of("cat", "/proc/self/status"), Map.of());
            case "name" -> name(Path.of(arguments[1]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static String lock(Path file) throws FsException {
        try (PrivateFiles.Lock lock = PrivateFiles.lockFile(file)) {
            return "free " + lock;
        } catch (FsException refused) {
            return refused.errno() == Errno.EBUSY ? "in use" : refused.getMessage();
        }
    }

    private static void hold(Path file) throws Exception {
        try (PrivateFiles.Lock lock = PrivateFiles.lockFile(file)) {
            System.out.println("held");
            System.in.transferTo(System.out);
            System.err.println("was not killed while holding " + lock);
        }
    }

    private static void name(Path folder) throws FsException {
        try (Dir root = Disk.open(folder)) {
            root.mkdir("ä 文", 0755);
            root.openDir("ä 文").close();
            System.out.println(root.list().size());
        }
    }

    /** With other threads at work and a port open, as in a program that has started. */
    private static void replace() throws Exception {
        Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            while (true) {
                                Thread.onSpinWait();
                            }
                        });
        List<String> own = ProcessImage.arguments();
        String script = "echo $$; echo \"$1\"; echo \"$SETTING\"; ls /proc/self/fd | wc -l";
        try (ServerSocket port = new ServerSocket(0)) {
            ProcessImage.replace(
                    Path.of("/bin/sh"),
                    List.of("sh", "-c", script, "sh", own.getLast()),
                    Map.of("SETTING", "é=1", "PATH", "/usr/bin:/bin"));
            System.err.println("came back with " + port);
        }
    }
}
