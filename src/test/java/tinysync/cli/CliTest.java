package tinysync.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Commands in this process, against a server in this process. */
class CliTest extends AgainstServer {
    @Test
    void joiningAttachesAFolderAndTellsTheNextStep() throws IOException {
        Path folder = temp.resolve("mine");
        Said said =
                run(
                        invite + "\n",
                        "join",
                        "-",
                        "--json",
                        "--name",
                        "laptop",
                        "--folder",
                        folder.toString(),
                        "--home",
                        temp.resolve("h").toString());
        JsonObject json = json(said);
        assertEquals("laptop", json.get("device").asObject().getString("name", ""));
        assertEquals(server.url().toString(), json.getString("server", ""));
        assertEquals("main", json.get("attachment").asObject().getString("name", ""));
        assertEquals("folder", json.get("attachment").asObject().getString("mode", ""));
        assertEquals(folder.toRealPath().toString(), json.get("attachment").asObject().getString("path", ""));
        assertFalse(json.getBoolean("daemon_running", true));
        JsonObject status = json(home("h", "status", "--json"));
        assertEquals("not_running", status.getString("state", ""));
        Said again = home("h", "join", invite, "--folder", folder.toString());
        assertEquals(Exit.FAILED, again.exit());
        assertTrue(again.err().contains("choose another folder"), again.err());
        String second = done(home("h", "join", invite, "--folder", temp.resolve("other").toString()));
        assertTrue(second.contains("vault 'main-2' is shown"), second);
        assertEquals(Exit.WRONG_USAGE, home("h", "detach").exit());
        assertTrue(done(home("h", "detach", "main-2")).startsWith("detached 'main-2'"));
        assertTrue(done(home("h", "detach")).startsWith("detached 'main'"));
        done(home("h", "attach", "--vault", "main", "--folder", folder.toString(), "--as", "again"));
    }

    @Test
    void aSecondDeviceEndsUpWithTheSameFiles() throws IOException {
        admin("vault", "create", "pair");
        joined("a", "pair");
        joined("b", "pair");
        Path folder = temp.resolve("a-folder");
        Files.createDirectories(folder.resolve("docs/deep"));
        Files.writeString(folder.resolve("docs/deep/ü.txt"), "grüß dich");
        byte[] large = new byte[5 << 20];
        new Random(7).nextBytes(large);
        Files.write(folder.resolve("large.bin"), large);
        done(home("a", "sync-once", "--timeout", "120"));
        done(home("b", "sync-once", "--timeout", "120"));
        Path other = temp.resolve("b-folder");
        assertEquals("grüß dich", Files.readString(other.resolve("docs/deep/ü.txt")));
        assertArrayEquals(large, Files.readAllBytes(other.resolve("large.bin")));
        assertTrue(done(home("b", "ls", other.resolve("docs").toString())).contains("deep/"));
    }

    @Test
    void aVaultCanBeWorkedOnWithoutAFolder() throws IOException {
        admin("vault", "create", "files");
        joined("f", "files");
        byte[] large = new byte[9 << 20];
        new Random(8).nextBytes(large);
        Path tree = Files.createDirectories(temp.resolve("tree/inner"));
        Files.write(tree.resolve("large.bin"), large);
        Files.writeString(tree.resolve("small.txt"), "small");
        Files.createSymbolicLink(tree.resolve("link"), Path.of("small.txt"));

        assertEquals(Exit.WRONG_USAGE, home("f", "put", temp.resolve("tree").toString(), "files:/").exit());
        done(home("f", "put", "-r", temp.resolve("tree").toString(), "files:/"));
        done(home("f", "mkdir", "files:/x/y"));
        done(home("f", "mv", "files:/tree/inner/small.txt", "files:/x/y"));
        done(home("f", "mv", "files:/x/y/small.txt", "files:/x/renamed.txt"));
        assertEquals("small", done(home("f", "cat", "files:/x/renamed.txt")));
        done(home("f", "put", tree.resolve("large.bin").toString(), "files:/x/renamed.txt"));
        Path got = temp.resolve("got");
        done(home("f", "get", "-r", "files:/", got.toString()));
        assertArrayEquals(large, Files.readAllBytes(got.resolve("tree/inner/large.bin")));
        assertArrayEquals(large, Files.readAllBytes(got.resolve("x/renamed.txt")));
        assertEquals(Path.of("small.txt"), Files.readSymbolicLink(got.resolve("tree/inner/link")));
        try (Stream<Path> left = Files.walk(got)) {
            assertEquals(0, left.filter(path -> path.toString().endsWith(".part")).count());
        }

        assertEquals(Exit.WRONG_USAGE, home("f", "rm", "files:/x").exit());
        done(home("f", "rm", "files:/x/renamed.txt"));
        done(home("f", "rm", "-r", "files:/tree", "files:/x"));
        assertEquals(0, json(home("f", "ls", "--json", "files:/")).get("items").asArray().size());
        assertEquals(Exit.FAILED, home("f", "cat", "files:/x").exit());
    }

    @Test
    void mistakesInPlacesAreSaidInTheWordsOfWhoMadeThem() throws IOException {
        admin("vault", "create", "places");
        joined("m", "places");
        Said bare = home("m", "ls", "places");
        assertEquals(Exit.WRONG_USAGE, bare.exit());
        assertTrue(bare.err().contains("'places:/'"), bare.err());
        Files.writeString(temp.resolve("one"), "1");
        done(home("m", "put", temp.resolve("one").toString(), "places:/"));
        Said nowhere = home("m", "get", "places:/one", temp.resolve("nowhere/one").toString());
        assertEquals(Exit.FAILED, nowhere.exit());
        assertTrue(nowhere.err().contains("folder " + temp.resolve("nowhere") + " does not exist"), nowhere.err());
    }

    @Test
    void whatIsNoFileFolderOrLinkIsLeftOutAloud() throws IOException {
        admin("vault", "create", "odd");
        joined("o", "odd");
        Path tree = Files.createDirectory(temp.resolve("odd"));
        Files.writeString(tree.resolve("a"), "a");
        Path socket = tree.resolve("s");
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(socket));
            Said said = home("o", "put", "-r", tree.toString(), "odd:/");
            done(said);
            assertTrue(said.err().contains("left out") && said.err().contains(socket.toString()), said.err());
        }
        assertEquals(1, json(home("o", "ls", "--json", "odd:/odd")).get("items").asArray().size());
    }

    @Test
    void whatIsOursInsideAFolderThatIsKeptInSyncIsNotPut() {
        admin("vault", "create", "own");
        joined("k", "own");
        Said said = home("k", "put", "-r", temp.resolve("k-folder").toString(), "own:/");
        done(said);
        assertTrue(said.err().contains("left out, TinySync's own"), said.err());
        assertEquals(0, json(home("k", "ls", "--json", "own:/k-folder")).get("items").asArray().size());
    }

    @Test
    void standardInputBecomesAFile() {
        admin("vault", "create", "pipes");
        joined("p", "pipes");
        String[] line = {"put", "-", "pipes:/in.txt", "--home", temp.resolve("p").toString()};
        done(run("from a pipe", line));
        done(run("again", line));
        assertEquals("again", done(home("p", "get", "pipes:/in.txt", "-")));
    }

    @Test
    void anOperatorArrangesGroupsDevicesAndInvites() {
        admin("vault", "create", "team");
        admin("group", "create", "staff");
        admin("group", "grant", "staff", "team", "--role", "read");
        JsonObject minted = admin("invite", "create", "--group", "staff", "--uses", "2", "--expires", "1d");
        assertEquals(2, minted.getInt("uses_left", 0));
        done(home("r", "register", "--server", server.url().toString(), "--invite", written(minted)));
        assertTrue(done(home("r", "ls")).contains("team:/  read"));
        Said refused = run("no", "put", "-", "team:/a", "--home", temp.resolve("r").toString());
        assertEquals(Exit.REFUSED, refused.exit(), refused.err());
        String device = json(home("r", "status", "--json")).get("device").asObject().getString("id", "");
        admin("group", "remove-device", "staff", device);
        assertFalse(done(home("r", "ls")).contains("team"));
        admin("group", "add-device", "staff", device);
        admin("device", "revoke", device);
        assertEquals(Exit.REFUSED, home("r", "ls").exit());
        admin("invite", "delete", minted.getString("id", ""));
        assertTrue(admin("device", "list").get("devices").asArray().size() > 0);
        admin("vault", "set", "team", "--name", "crew", "--quota", "1G", "--retention", "90d");
        assertTrue(admin("vault", "list").toString().contains("\"crew\""));
        admin("vault", "delete", "crew");
        admin("group", "delete", "staff");
        assertFalse(admin("group", "list").toString().contains("staff"));
    }

    private String written(JsonObject minted) {
        try {
            return Files.writeString(temp.resolve("invite"), minted.getString("invite", "")).toString();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @Test
    void errorsAreOneLineAndOneNumber() {
        Said unjoined = home("nobody", "status");
        assertEquals(Exit.FAILED, unjoined.exit());
        assertEquals(1, unjoined.err().lines().count());
        assertTrue(unjoined.err().startsWith("tinysync: this device has not joined"), unjoined.err());
        assertFalse(Files.exists(temp.resolve("nobody")));

        Said usage = run("", "status", "--frobnicate", "--json");
        assertEquals(Exit.WRONG_USAGE, usage.exit());
        JsonObject error = Json.parse(usage.err()).asObject().get("error").asObject();
        assertEquals("wrong_usage", error.getString("code", ""));

        Said bad = home("x", "join", "https://example.org/nothing");
        assertEquals(Exit.FAILED, bad.exit());
        String dead = "http://127.0.0.1:9/join#tsinv_" + "0".repeat(32) + "_" + "0".repeat(64);
        Said gone = home("x", "join", dead, "--folder", temp.resolve("x-folder").toString());
        assertEquals(Exit.UNREACHABLE, gone.exit(), gone.err());
        String worthless = server.url() + "/join#tsinv_" + "0".repeat(32) + "_" + "0".repeat(64);
        Said refused = home("x", "join", worthless, "--folder", temp.resolve("x-folder").toString());
        assertEquals(Exit.REFUSED, refused.exit(), refused.err());
    }

    @Test
    void whatNeedsARunningClientSaysSoAndTheRestDoesWithoutOne() {
        admin("vault", "create", "idle");
        joined("i", "idle");
        Said said = home("i", "events", "--follow");
        assertEquals(Exit.UNREACHABLE, said.exit());
        assertTrue(said.err().contains("tinysync client"), said.err());
        assertTrue(done(home("i", "panic-resync")).contains("when the client starts next"));
        assertTrue(done(home("i", "confirm")).contains("nothing is held"));
    }

    @Test
    void withoutARunningClientItTellsWhatItRemembersAndRemembersWhatItIsTold() throws IOException {
        admin("vault", "create", "still");
        joined("s", "still");
        Files.writeString(temp.resolve("s-folder/a.txt"), "a");
        done(home("s", "sync-once", "--timeout", "60"));
        assertTrue(done(home("s", "events", "--json")).contains("\"kind\":\"uploaded\""));
        assertEquals("no conflicts\n", done(home("s", "conflicts")));
        done(home("s", "pause"));
        Said paused = home("s", "sync-once", "--timeout", "60");
        assertEquals(Exit.FAILED, paused.exit());
        assertTrue(paused.err().contains("paused"), paused.err());
        done(home("s", "resume", "still"));
        done(home("s", "sync-once", "--timeout", "60"));
        assertEquals(Exit.FAILED, home("s", "pause", "other").exit());
    }

    @Test
    void outputThatNobodyTakesIsAFailure() {
        admin("vault", "create", "mute");
        joined("u", "mute");
        for (List<String> line : List.of(List.of("--help"), List.of("ls"), List.of("status"), List.of("events"))) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            List<String> all = new ArrayList<>(line);
            all.addAll(List.of("--home", temp.resolve("u").toString()));
            Terminal full =
                    new Terminal(
                            InputStream.nullInputStream(),
                            new OutputStream() {
                                @Override
                                public void write(int b) throws IOException {
                                    throw new IOException("the disk is full");
                                }
                            },
                            new PrintStream(err, true, StandardCharsets.UTF_8),
                            Map.of(Replacement.NEVER, "1"),
                            OptionalInt::empty);
            boolean silent = line.equals(List.of("events"));
            assertEquals(silent ? Exit.DONE : Exit.FAILED, Cli.run(all, full), line.toString());
            assertEquals(silent, !err.toString(StandardCharsets.UTF_8).contains("the disk is full"));
        }
    }

    @Test
    void whatIsNoAddressIsWrongUsage() {
        String token = shared.resolve("server/admin.token").toString();
        for (String address : List.of("foo", "not a url", "ftp://h", "http://", "http://u:p@h", "http://h:99999")) {
            Said register = home("n", "register", "--server", address, "--token-file", token);
            assertEquals(Exit.WRONG_USAGE, register.exit(), address);
            assertFalse(register.err().contains("fault") || register.err().contains("u:p"), register.err());
            Said admin = run("", "admin", "vault", "list", "--server", address, "--token-file", token);
            assertEquals(Exit.WRONG_USAGE, admin.exit(), address);
            Said server = home("n", "server", "--public-url", address, "--data", temp.resolve("d").toString());
            assertEquals(Exit.WRONG_USAGE, server.exit(), address);
        }
        Said wake = home("n", "server", "--wake-url", "http://h", "--data", temp.resolve("d").toString());
        assertEquals(Exit.WRONG_USAGE, wake.exit());
        assertFalse(Files.exists(temp.resolve("n")) || Files.exists(temp.resolve("d")));
    }

    @Test
    void whatIsNotInThisVersionIsRefusedAndMakesNothing() {
        String data = temp.resolve("d").toString();
        for (List<String> option :
                List.of(List.of("--blobs", "s3://bucket/prefix"), List.of("--db", "jdbc:postgresql://h/db"))) {
            Said said = home("n", "server", "--data", data, option.getFirst(), option.getLast());
            assertEquals(Exit.WRONG_USAGE, said.exit(), option.toString());
            assertTrue(said.err().contains("not in this version"), said.err());
        }
        assertFalse(Files.exists(Path.of("s3:")) || Files.exists(temp.resolve("d")));
        assertEquals(Exit.WRONG_USAGE, home("n", "client", "--limit-up", "1M").exit());
        assertEquals(Exit.WRONG_USAGE, home("n", "join", invite, "--drive", data).exit());
    }

    @Test
    void puttingAndGettingTheSameAgainChangesNothing() throws IOException {
        admin("vault", "create", "again");
        joined("g", "again");
        Path tree = Files.createDirectories(temp.resolve("tree/inner"));
        Files.writeString(tree.resolve("a.txt"), "a");
        Files.createSymbolicLink(tree.resolve("link"), Path.of("a.txt"));
        String[] put = {"put", "-r", temp.resolve("tree").toString(), "again:/"};
        done(home("g", put));
        long seq = seq("again");
        done(home("g", put));
        assertEquals(seq, seq("again"));
        Files.writeString(tree.resolve("a.txt"), "b");
        done(home("g", put));
        assertEquals(seq + 1, seq("again"));
        String[] get = {"get", "-r", "again:/tree", temp.resolve("got").toString()};
        done(home("g", get));
        done(home("g", "get", "-r", "again:/tree/inner", temp.resolve("got").toString()));
        done(home("g", "get", "-r", "again:/tree/inner", temp.resolve("got").toString()));
        assertEquals("b", Files.readString(temp.resolve("got/inner/link")));
        Files.delete(tree.resolve("link"));
        Files.createSymbolicLink(tree.resolve("link"), Path.of("b.txt"));
        Said other = home("g", put);
        assertEquals(Exit.FAILED, other.exit());
        assertTrue(other.err().contains("'link'"), other.err());
    }

    private long seq(String vault) {
        for (JsonValue one : admin("vault", "list").get("vaults").asArray()) {
            if (one.asObject().getString("name", "").equals(vault)) {
                return one.asObject().get("head").asObject().getLong("seq", -1);
            }
        }
        throw new AssertionError("no vault " + vault);
    }

    @Test
    void permissionsComeBackAsFarAsTheUmaskAllows() throws IOException {
        admin("vault", "create", "modes");
        joined("w", "modes");
        Path file = Files.writeString(temp.resolve("run.sh"), "#!/bin/sh");
        Set<PosixFilePermission> usual = Files.getPosixFilePermissions(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        done(home("w", "put", file.toString(), "modes:/"));
        done(home("w", "get", "modes:/run.sh", temp.resolve("got.sh").toString()));
        Set<PosixFilePermission> got = Files.getPosixFilePermissions(temp.resolve("got.sh"));
        assertTrue(got.contains(PosixFilePermission.OWNER_EXECUTE));
        assertEquals(usual.contains(PosixFilePermission.GROUP_READ), got.contains(PosixFilePermission.GROUP_EXECUTE));
        assertEquals(usual.contains(PosixFilePermission.OTHERS_READ), got.contains(PosixFilePermission.OTHERS_READ));
        assertFalse(got.contains(PosixFilePermission.GROUP_WRITE));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        done(home("w", "put", file.toString(), "modes:/"));
        done(home("w", "get", "modes:/run.sh", temp.resolve("got.sh").toString()));
        assertEquals(
                PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(temp.resolve("got.sh")));
    }

    @Test
    void aLinkToTheFolderLeadsIntoTheVaultToo() throws IOException {
        admin("vault", "create", "linked");
        joined("l", "linked");
        done(home("l", "mkdir", "linked:/docs/deep"));
        Path link = Files.createSymbolicLink(temp.resolve("short-cut"), temp.resolve("l-folder"));
        assertEquals(1, json(home("l", "ls", "--json", link.toString())).get("items").asArray().size());
        assertTrue(done(home("l", "ls", link.resolve("docs").toString())).contains("deep/"));
    }

    @Test
    void withNothingAttachedThereIsNothingToDo() throws IOException {
        admin("vault", "create", "none");
        String code = admin("invite", "create", "--vault", "none").getString("invite", "");
        Path file = Files.writeString(temp.resolve("code"), code);
        done(home("e", "register", "--invite", file.toString()));
        assertTrue(done(home("e", "sync-once")).startsWith("nothing is attached"));
        assertTrue(done(home("e", "status")).contains("nothing is attached"));
        Said detach = home("e", "detach");
        assertEquals(Exit.FAILED, detach.exit());
        assertEquals("tinysync: nothing is attached\n", detach.err());
        done(home("e", "attach", "--vault", "none", "--folder", temp.resolve("one").toString(), "--as", "one"));
        assertTrue(home("e", "detach", "two").err().contains("there is: one"));
    }

    @Test
    void idsAndNamesThatAreNoneAreSaidToBeNone() {
        String[] access = {"--server", server.url().toString(), "--token-file", shared + "/server/admin.token"};
        for (String command :
                List.of(
                        "vault delete nope",
                        "group delete nope",
                        "group grant everyone nope",
                        "device revoke nope",
                        "invite delete nope")) {
            List<String> line = new ArrayList<>(List.of(("admin " + command).split(" ")));
            line.addAll(List.of(access));
            Said said = run("", line.toArray(String[]::new));
            assertEquals(Exit.FAILED, said.exit(), command);
            assertTrue(said.err().contains("'nope': 'tinysync admin "), said.err());
        }
    }

    @Test
    void aPutWithoutANameSaysSo() {
        admin("vault", "create", "nameless");
        joined("v", "nameless");
        assertEquals(Exit.WRONG_USAGE, home("v", "put", "-r", "/", "nameless:/").exit());
        assertEquals(Exit.FAILED, run("x", "put", "-", "nameless:/", "--home", temp.resolve("v").toString()).exit());
        assertEquals(Exit.FAILED, home("v", "mkdir", "nameless:/a\u0000b").exit());
    }
}
