package tinysync.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import tinysync.content.Chunk;
import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.content.Manifest;
import tinysync.tree.Mutation;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

class ContentRulesTest {
    private final Drive drive = Drive.empty();

    private void run(Consumer<VaultTx> work) {
        drive.vault.write(
                tx -> {
                    work.accept(tx);
                    return true;
                });
    }

    private void refused(ErrorCode code, Consumer<VaultTx> work) {
        assertEquals(code, assertThrows(Refusal.class, () -> run(work)).code());
    }

    private static Chunk chunk(int n, int length) {
        return new Chunk(Hash.of(new byte[] {(byte) n}), length);
    }

    @Test
    void inlineContentIsCheckedAndCountedOnce() {
        Bytes bytes = Bytes.of(new byte[10]);
        Hash id = Hash.of(bytes.toArray());
        run(tx -> ContentRules.addInline(tx, id, bytes));
        run(tx -> ContentRules.addInline(tx, id, bytes));
        assertEquals(10, drive.read(VaultRules::state).storedBytes());
        refused(ErrorCode.BAD_HASH, tx -> ContentRules.addInline(tx, Hash.of(new byte[9]), bytes));
        refused(ErrorCode.LIMIT_EXCEEDED, tx -> ContentRules.addInline(tx, id, Bytes.of(new byte[65537])));
    }

    @Test
    void emptyContentIsEverywhere() {
        assertEquals(0, drive.read(tx -> ContentRules.find(tx, ContentRef.EMPTY.id())).orElseThrow().size());
    }

    @Test
    void aCondemnedChunkCountsAsAbsentUntilItIsSentAgain() {
        Chunk chunk = chunk(1, 70_000);
        run(tx -> ContentRules.addChunk(tx, chunk, "k1"));
        run(tx -> tx.putChunk(new ChunkRow(chunk, "k1", false)));
        assertEquals(List.of(chunk.hash()), drive.read(tx -> ContentRules.missing(tx, List.of(chunk.hash()))));
        run(tx -> ContentRules.addChunk(tx, chunk, "k2"));
        StoredContent.Single single =
                assertInstanceOf(
                        StoredContent.Single.class,
                        drive.read(tx -> ContentRules.find(tx, chunk.hash())).orElseThrow());
        assertEquals("k2", single.chunk().key());
        assertEquals(70_000, drive.read(VaultRules::state).storedBytes());
    }

    @Test
    void aManifestNeedsAllItsChunksAtTheirLengths() {
        Chunk a = chunk(1, 300_000);
        Chunk b = chunk(2, 5);
        Manifest manifest = Manifest.of(List.of(a, b, a));
        refused(ErrorCode.CONTENT_MISSING, tx -> ContentRules.addManifest(tx, manifest.id(), manifest));
        run(tx -> ContentRules.addChunk(tx, a, "a"));
        run(tx -> ContentRules.addChunk(tx, chunk(2, 6), "b"));
        refused(ErrorCode.BAD_REQUEST, tx -> ContentRules.addManifest(tx, manifest.id(), manifest));
        Manifest good = Manifest.of(List.of(a, chunk(2, 6), a));
        refused(ErrorCode.BAD_HASH, tx -> ContentRules.addManifest(tx, manifest.id(), good));
        run(tx -> ContentRules.addManifest(tx, good.id(), good));
        run(tx -> ContentRules.addManifest(tx, good.id(), good));
        assertEquals(
                Optional.of(new StoredContent.Chunked(good.id(), good)),
                drive.read(tx -> ContentRules.find(tx, good.id())));
    }

    @Test
    void aSmallLastChunkMayLieInTheDatabase() {
        ContentRef small = drive.content("tail");
        Chunk big = chunk(1, 300_000);
        run(tx -> ContentRules.addChunk(tx, big, "a"));
        Manifest manifest = Manifest.of(List.of(big, new Chunk(small.id(), 4)));
        run(tx -> ContentRules.addManifest(tx, manifest.id(), manifest));
        assertEquals(
                List.of(chunk(9, 1).hash()),
                drive.read(tx -> ContentRules.missing(tx, List.of(manifest.id(), chunk(9, 1).hash(), small.id()))));
    }

    @Test
    void theQuotaStopsWhatWouldGoBeyond() {
        VaultPolicy d = VaultPolicy.DEFAULT;
        run(
                tx ->
                        VaultRules.setPolicy(
                                tx,
                                new VaultPolicy(d.names(), d.merge(), d.retention(), Optional.of(5L), d.chunking())));
        drive.content("12345");
        refused(ErrorCode.QUOTA_EXCEEDED, tx -> ContentRules.addChunk(tx, chunk(1, 1), "k"));
        drive.refused(
                "quota_exceeded",
                new Mutation.CreateSymlink(drive.op(), drive.id(), drive.place("l"), "t", Optional.empty()));
    }
}
