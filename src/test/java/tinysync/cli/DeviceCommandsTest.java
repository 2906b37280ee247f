package tinysync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a device is asked about itself, and what ends it being one. */
class DeviceCommandsTest extends AgainstServer {
    @Test
    void aConflictIsSettledAsAPersonChose() throws IOException {
        admin("vault", "create", "strife");
        joined("c", "strife");
        String copy = "a (conflicted copy, nas, 2026-11-21 07.45.12 UTC).txt";
        Path folder = temp.resolve("c-folder");
        for (String keep : List.of("copy", "original", "both")) {
            Path sub = Files.createDirectory(folder.resolve(keep));
            Files.writeString(sub.resolve("a.txt"), "original");
            Files.writeString(sub.resolve(copy), "copy");
        }
        Path links = Files.createDirectory(folder.resolve("links"));
        Files.createSymbolicLink(links.resolve("a.txt"), Path.of("old"));
        Files.writeString(links.resolve(copy), "copy");
        done(home("c", "sync-once", "--timeout", "60"));
        assertTrue(done(home("c", "conflicts")).contains("strife:/both/" + copy + "  beside  both/a.txt"));
        Said unsaid = home("c", "conflicts", "resolve", "strife:/both/" + copy);
        assertEquals(Exit.WRONG_USAGE, unsaid.exit());
        assertEquals(
                Exit.WRONG_USAGE, home("c", "conflicts", "resolve", "strife:/both/" + copy, "--keep", "all").exit());
        Said none = home("c", "conflicts", "resolve", "strife:/both/a.txt", "--keep", "copy");
        assertTrue(none.err().contains("is no conflict copy"), none.err());
        for (String keep : List.of("copy", "original", "both")) {
            String path = folder.resolve(keep).resolve(copy).toString();
            done(home("c", "conflicts", "resolve", path, "--keep", keep));
        }
        done(home("c", "conflicts", "resolve", "strife:/links/" + copy, "--keep", "copy"));
        done(home("c", "sync-once", "--timeout", "60"));
        assertEquals(List.of("a.txt=copy"), contents(folder.resolve("copy")));
        assertEquals(List.of("a.txt=original"), contents(folder.resolve("original")));
        assertEquals(List.of("a 2.txt=copy", "a.txt=original"), contents(folder.resolve("both")));
        assertEquals(List.of("a.txt=copy"), contents(links));
        assertEquals("no conflicts\n", done(home("c", "conflicts")));
    }

    private static List<String> contents(Path folder) throws IOException {
        List<String> contents = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                contents.add(file.getFileName() + "=" + Files.readString(file));
            }
        }
        return contents;
    }

    @Test
    void settingsAreShownWithWhereTheyComeFromAndWithoutSecrets() throws IOException {
        admin("vault", "create", "set");
        joined("g", "set");
        Path file = Files.writeString(temp.resolve("tinysync.properties"), "hold-deletes = 10%\nname = from-file\n");
        Map<String, String> environment =
                Map.of(
                        Replacement.NEVER,
                        "1",
                        "TINYSYNC_NAME",
                        "from-variable",
                        "TINYSYNC_SERVER",
                        "https://eve:hunter2@h",
                        "TINYSYNC_HOEM",
                        "hunter2");
        Said said = run("", environment, "config", "--config", file.toString(), "--home", temp.resolve("g").toString());
        String text = done(said);
        assertTrue(text.contains("home = " + temp.resolve("g") + "  (flag --home)"), text);
        assertTrue(text.contains("hold-deletes = 10%  (file " + file + ")"), text);
        assertTrue(text.contains("name = from-variable  (variable TINYSYNC_NAME)"), text);
        assertTrue(text.contains("listen = 127.0.0.1:8460  (default)"), text);
        assertTrue(text.contains("TINYSYNC_HOEM is set, and no setting is called so"), text);
        assertTrue(text.contains("server = " + server.url() + "  (joined as 'g', token tsdev_"), text);
        String identity = Files.readString(temp.resolve("g/identity.json"));
        int at = identity.indexOf("tsdev_") + "tsdev_".length() + 33;
        assertFalse(text.contains("hunter2") || text.contains(identity.substring(at, at + 64)), text);
        JsonObject json = json(home("g", "config", "--json"));
        assertEquals(1, json.get("servers").asArray().size());
        assertTrue(json.get("settings").toString().contains("\"origin\":\"flag --home\""), json.toString());
    }

    @Test
    void theDoctorFindsWhatIsNotWellAndSaysHowToMendIt() throws IOException {
        admin("vault", "create", "well");
        joined("d", "well");
        Said well = home("d", "doctor");
        assertEquals(Exit.DONE, well.exit(), well.out());
        for (String check : List.of("Java", "locale", "database", "open files", "watches", "FUSE", "home", "disk")) {
            assertTrue(well.out().contains(check + ": "), check + " is missing in " + well.out());
        }
        for (String found : List.of("may reach vaults there: 1", "clock: agrees", "TLS: none", "no client runs")) {
            assertTrue(well.out().contains(found), found + " is missing in " + well.out());
        }
        Files.setPosixFilePermissions(temp.resolve("d/identity.json"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(temp.resolve("d-folder"), temp.resolve("away"));
        admin("device", "revoke", json(home("d", "status", "--json")).get("device").asObject().getString("id", ""));
        Said ill = home("d", "doctor", "--json");
        assertEquals(Exit.FAILED, ill.exit());
        JsonObject told = Json.parse(ill.out()).asObject();
        assertFalse(told.getBoolean("ok", true));
        List<String> cures = new ArrayList<>();
        told.get("findings").asArray().forEach(one -> cures.add(one.asObject().getString("cure", "")));
        assertTrue(cures.contains("chmod 600 " + temp.resolve("d/identity.json")), cures.toString());
        assertTrue(cures.contains("bring it back, or say where it is: 'tinysync relocate well DIR'"), cures.toString());
        assertTrue(cures.contains("'tinysync leave' and join again with a new invite"), cures.toString());
    }

    @Test
    void leavingRevokesTheDeviceAndKeepsTheFiles() throws IOException {
        admin("vault", "create", "parting");
        joined("l", "parting");
        Files.writeString(temp.resolve("l-folder/a.txt"), "a");
        String device = json(home("l", "status", "--json")).get("device").asObject().getString("id", "");
        done(home("l", "sync-once", "--timeout", "60"));
        Path moved = temp.resolve("l-moved");
        assertTrue(done(home("l", "relocate", "parting", moved.toString())).contains("is at"));
        done(home("l", "sync-once", "--timeout", "60"));
        String events = done(home("l", "events"));
        assertEquals(1, events.split("loaded", -1).length - 1, "sent or fetched once, before it moved: " + events);
        assertTrue(done(home("l", "leave")).startsWith("left " + server.url()));
        assertEquals("a", Files.readString(moved.resolve("a.txt")));
        Said after = home("l", "status");
        assertEquals(Exit.FAILED, after.exit());
        assertTrue(after.err().contains("has not joined"), after.err());
        String known = admin("device", "list").toString();
        int at = known.indexOf(device);
        assertTrue(known.indexOf("\"revoked\":true", at) > at, known);
        String again = admin("invite", "create", "--vault", "parting").getString("invite", "");
        done(home("l", "join", again, "--name", "l", "--folder", moved.toString()));
    }

    @Test
    void whoWasRevokedMeanwhileStillLeaves() throws IOException {
        admin("vault", "create", "shut");
        joined("v", "shut");
        admin("device", "revoke", json(home("v", "status", "--json")).get("device").asObject().getString("id", ""));
        done(home("v", "leave"));
        assertFalse(Files.exists(temp.resolve("v/identity.json")));
    }
}
