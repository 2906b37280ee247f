package tinysync.client.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import tinysync.client.engine.Effect;
import tinysync.client.engine.HashOutcome;
import tinysync.client.engine.Slot;
import tinysync.client.engine.TransferOutcome;
import tinysync.client.folder.FileHasher;
import tinysync.client.folder.Root;
import tinysync.client.folder.Staging;
import tinysync.client.remote.RemoteException;
import tinysync.client.remote.ServerApi;
import tinysync.client.remote.ServerConnection;
import tinysync.client.remote.Traffic;
import tinysync.content.Chunk;
import tinysync.content.ChunkSink;
import tinysync.content.Chunking;
import tinysync.content.Content;
import tinysync.content.ContentReader;
import tinysync.content.ContentRef;
import tinysync.server.HostPort;
import tinysync.server.ServerOptions;
import tinysync.server.StartException;
import tinysync.server.TinySyncServer;
import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;
import tinysync.wire.DeviceToken;
import tinysync.wire.InviteText;
import tinysync.wire.Me;
import tinysync.wire.Registration;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** A server of ours, a {@link Gateway} in front of it, and a device that has joined and keeps its vault in a folder. */
final class Site implements AutoCloseable {
    static final UUID INSTANCE = new UUID(1, 2);

    private final Path temp;
    private final TinySyncServer server;
    private final DeviceToken token = new DeviceToken(new DeviceId(new UUID(3, 4)), "ab".repeat(32));
    final Gateway gateway;
    final ServerApi api;
    final Me.Reach vault;
    final Chunking chunking;
    final Root root;
    final Staging staging;
    private long items;

    Site(Path temp) throws IOException, StartException, RemoteException {
        this.temp = temp;
        server = TinySyncServer.start(ServerOptions.on(temp.resolve("server"), new HostPort("127.0.0.1", 0), "test"));
        InviteText invite = InviteText.parse(server.firstInvite().orElseThrow());
        ServerApi.register(
                server.url(),
                Optional.empty(),
                Optional.empty(),
                new Registration.Request(token.device(), token.secretSha256(), "laptop", Optional.of(invite.code())));
        gateway = new Gateway(server.url());
        api = apiAt(gateway.base());
        vault = api.me().vaults().getFirst();
        chunking = vault.policy().chunking();
        api.session(Optional.empty(), INSTANCE);
        Path folder = Files.createDirectory(temp.resolve("folder"));
        root = Root.create(folder, vault.id(), "test");
        staging = new Staging(root);
        gateway.forget();
    }

    ServerApi apiAt(URI base) {
        return new ServerApi(new ServerConnection(base, token, Optional.empty()));
    }

    /** Past the gateway, whose address the server does not know. */
    ServerApi direct() {
        return apiAt(server.url());
    }

    ServerApi apiWith(Traffic traffic) {
        return new ServerApi(new ServerConnection(gateway.base(), token, Optional.empty()), traffic);
    }

    ItemId item() {
        return new ItemId(new UUID(7, ++items));
    }

    Path path(String name) {
        return root.path().resolve(name);
    }

    static Slot slot(String name) {
        return new Slot("", name);
    }

    void write(String name, byte[] bytes) throws IOException {
        Files.write(path(name), bytes);
    }

    HashOutcome.Hashed hash(String name) {
        FileHasher hasher = new FileHasher(root, () -> Instant.EPOCH);
        return assertInstanceOf(HashOutcome.Hashed.class, hasher.hash(slot(name), true, chunking));
    }

    Effect.Upload upload(String name) {
        HashOutcome.Hashed hashed = hash(name);
        return new Effect.Upload(item(), slot(name), hashed.fingerprint(), hashed.content(), hashed.manifest());
    }

    /** Puts content where only the server has it. */
    ContentRef atServer(byte[] bytes) throws IOException {
        write("uploaded", bytes);
        Uploader uploader = new Uploader(api, vault.id(), root, chunking);
        Effect.Upload upload = upload("uploaded");
        assertEquals(new TransferOutcome.Complete(), uploader.upload(upload));
        Files.delete(path("uploaded"));
        gateway.forget();
        return upload.content();
    }

    List<Chunk> chunks(byte[] bytes) throws IOException {
        Content content = ContentReader.read(new ByteArrayInputStream(bytes), chunking, ChunkSink.NONE);
        return assertInstanceOf(Content.Chunked.class, content).manifest().chunks();
    }

    Path staged(Effect.Fetch fetch) {
        return root.path().resolve(".tinysync/stage/" + fetch.item() + "-" + fetch.content().id() + ".whole");
    }

    static byte[] noise(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    void stopServer() {
        server.close();
    }

    /** The server comes back on the ports it had. */
    TinySyncServer restartServer() throws StartException {
        HostPort listen = new HostPort("127.0.0.1", server.url().getPort());
        return TinySyncServer.start(ServerOptions.on(temp.resolve("server"), listen, "test"));
    }

    @Override
    public void close() {
        root.close();
        api.close();
        gateway.close();
        server.close();
    }
}
