package tinysync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;

/** The mistakes that people make most, and the very words that they get: what happened, to what, and what to do. */
class ErrorsTest extends AgainstServer {
    private static final String NOBODY = "http://127.0.0.1:9";

    /**
     * @param line with TEMP for the folder of the test
     */
    private record Mistake(String line, Exit exit, String said) {}

    private static final List<Mistake> MISTAKES =
            List.of(
                    new Mistake("join nonsense", Exit.FAILED, "not an invite: it looks like https://HOST/join#tsinv_…"),
                    new Mistake(
                            "join " + NOBODY + "/join#tsinv_" + "0".repeat(32) + "_" + "0".repeat(64),
                            Exit.UNREACHABLE,
                            "the server is not reachable (http://127.0.0.1:9: nobody listens there): is it running, is"
                                    + " the network up?"),
                    new Mistake(
                            "join http://no.such.host.invalid/join#tsinv_" + "0".repeat(32) + "_" + "0".repeat(64),
                            Exit.UNREACHABLE,
                            "the server is not reachable (http://no.such.host.invalid: there is no host of that"
                                    + " name): is it running, is the network up?"),
                    new Mistake(
                            "attach --vault nope --folder TEMP/g",
                            Exit.FAILED,
                            "no vault 'nope' is in reach; there is: slips"),
                    new Mistake(
                            "attach --vault slips --folder TEMP/e-folder/sub",
                            Exit.FAILED,
                            "folders cannot be inside one another: TEMP/e-folder/sub and TEMP/e-folder; choose another"
                                    + " folder"),
                    new Mistake(
                            "attach --vault slips --folder TEMP/file",
                            Exit.FAILED,
                            "TEMP/file is not a folder: choose another one"),
                    new Mistake(
                            "attach --vault slips",
                            Exit.WRONG_USAGE,
                            "option --folder is missing: tinysync attach --vault VAULT --folder DIR [--drive DIR] [--as"
                                    + " NAME] [--server URL]"),
                    new Mistake("detach nope", Exit.FAILED, "nothing is attached as 'nope'; there is: slips"),
                    new Mistake("status nope", Exit.FAILED, "nothing is attached as 'nope'; there is: slips"),
                    new Mistake("pause nope", Exit.FAILED, "nothing is attached as 'nope'; there is: slips"),
                    new Mistake("sync-once nope", Exit.FAILED, "nothing is attached as 'nope'; there is: slips"),
                    new Mistake(
                            "ls nope:/",
                            Exit.FAILED,
                            "'nope:/' is neither VAULT:/path (there is: slips) nor inside an attached folder"),
                    new Mistake("ls slips", Exit.WRONG_USAGE, "'slips' is a vault: a place in it is written 'slips:/'"),
                    new Mistake(
                            "cat slips:/nope",
                            Exit.FAILED,
                            "slips:/nope does not exist: 'tinysync ls' shows what does"),
                    new Mistake("cat slips:/", Exit.FAILED, "slips:/ is a folder, not a file"),
                    new Mistake(
                            "rm slips:/",
                            Exit.FAILED,
                            "the vault itself is no file: an operator deletes one with 'tinysync admin vault delete'"),
                    new Mistake(
                            "put TEMP slips:/",
                            Exit.WRONG_USAGE,
                            "TEMP is a folder: put -r copies it with all that is in it"),
                    new Mistake("put TEMP/nope slips:/", Exit.FAILED, "TEMP/nope does not exist"),
                    new Mistake("invite --role boss", Exit.WRONG_USAGE, "a role is read, write or manage, not 'boss'"),
                    new Mistake("invite --vault nope", Exit.FAILED, "no vault 'nope' is in reach; there is: slips"),
                    new Mistake(
                            "invite --expires 5x",
                            Exit.WRONG_USAGE,
                            "option --expires takes a time such as 90s, 30m, 12h or 7d, not '5x'"),
                    new Mistake(
                            "config --config TEMP/none",
                            Exit.WRONG_USAGE,
                            "cannot read the settings: TEMP/none does not exist"),
                    new Mistake("statsu", Exit.WRONG_USAGE, "unknown command 'statsu': did you mean 'status'?"),
                    new Mistake(
                            "admin vault list",
                            Exit.WRONG_USAGE,
                            "say which server: --server URL --token-file FILE, or --data DIR"),
                    new Mistake(
                            "admin vault list --data TEMP/none",
                            Exit.UNREACHABLE,
                            "no server runs on TEMP/none: start it, or give --server URL"));

    @TestFactory
    Stream<DynamicTest> eachIsSaidInOneLineWithWhatToDo() throws IOException {
        admin("vault", "create", "slips");
        joined("e", "slips");
        Files.writeString(temp.resolve("file"), "");
        return MISTAKES.stream().map(mistake -> DynamicTest.dynamicTest(mistake.line(), () -> check(mistake)));
    }

    private void check(Mistake mistake) {
        Said said = home("e", mistake.line().replace("TEMP", temp.toString()).split(" "));
        assertEquals("tinysync: " + mistake.said().replace("TEMP", temp.toString()) + "\n", said.err());
        assertEquals(mistake.exit(), said.exit());
        assertEquals("", said.out());
    }

    @Test
    void aHomeThatIsNoFolderIsSaidToBeNone() throws IOException {
        Files.writeString(temp.resolve("h"), "");
        assertEquals(
                "tinysync: " + temp.resolve("h") + " is not a folder: say another --home\n", home("h", "client").err());
    }
}
