package tinysync.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that is kept in sync takes in neither another one nor a home with its token. */
class NestingTest {
    @TempDir Path base;

    @Test
    void neitherAFolderNorAHomeMayLieInsideAFolderOfAnotherHome() {
        try (Drive drive = new Drive(base)) {
            Device a = drive.join("a");
            String invite = drive.invite();
            Path homeInside = a.folder().resolve("home");
            String elsewhere = base.resolve("elsewhere").toString();

            Jar.Result home = Jar.run("--home", homeInside.toString(), "join", invite, "--folder", elsewhere);
            assertEquals(1, home.exit());
            assertTrue(home.err().contains("lies inside"), home.err());
            assertFalse(Files.exists(homeInside.resolve("identity.json")), "no token may be written there");

            String nested = a.folder().resolve("sub").toString();
            Jar.Result folder = Jar.run("--home", base.resolve("other").toString(), "join", invite, "--folder", nested);
            assertEquals(1, folder.exit());
            assertTrue(folder.err().contains("lies inside"), folder.err());
        }
    }
}
