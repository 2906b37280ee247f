package tinysync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** What an operator's commands do with secrets and rights. */
class AdminCommandsTest extends AgainstServer {
    private static Path token() {
        return shared.resolve("server/admin.token");
    }

    /** {@code admin …} at that server. */
    private Said operate(String input, String... line) {
        List<String> all = new ArrayList<>(List.of("admin"));
        all.addAll(List.of(line));
        all.addAll(List.of("--server", server.url().toString()));
        return run(input, all.toArray(String[]::new));
    }

    private Exit opens(String with) {
        return operate(with, "vault", "list", "--token-file", "-").exit();
    }

    @Test
    void aNewTokenIsPrintedWhereItCannotBeKept() throws IOException {
        String old = Files.readString(token());
        String fresh = done(operate(old, "token", "rotate", "--token-file", "-")).strip();
        assertEquals(Exit.REFUSED, opens(old));
        Path kept = Files.writeString(temp.resolve("kept"), "\n  " + fresh + "\nand a note\n");
        String said = done(operate("", "token", "rotate", "--token-file", kept.toString()));
        assertTrue(said.contains(kept.toString()) && !said.contains("tsadm_"), said);
        assertEquals(Files.readString(token()).strip(), Files.readString(kept).strip());
    }

    @Test
    void aNewTokenIsInTheDataFolderAndNowhereElse() throws IOException {
        String old = Files.readString(token());
        String said = done(operate("", "token", "rotate", "--data", token().getParent().toString()));
        assertTrue(said.contains(token().toString()) && !said.contains("tsadm_"), said);
        assertNotEquals(old, Files.readString(token()));
        assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(token()));
        assertEquals(Exit.REFUSED, opens(old));
        assertEquals(Exit.DONE, opens(Files.readString(token())));
    }

    @Test
    void anInviteToAGroupWithAnotherRoleThanItsOwnIsRefused() {
        String data = token().getParent().toString();
        Said narrower = operate("", "invite", "create", "--group", "everyone", "--role", "read", "--data", data);
        assertEquals(Exit.WRONG_USAGE, narrower.exit());
        assertTrue(narrower.err().contains("which is 'manage' for 'everyone'"), narrower.err());
        done(operate("", "group", "create", "nobody", "--data", data));
        Said nothing = operate("", "invite", "create", "--group", "nobody", "--role", "read", "--data", data);
        assertTrue(nothing.err().contains("which is nothing for 'nobody'"), nothing.err());
        done(operate("", "invite", "create", "--group", "everyone", "--role", "manage", "--data", data));
        done(operate("", "invite", "create", "--group", "everyone", "--data", data));
    }
}
