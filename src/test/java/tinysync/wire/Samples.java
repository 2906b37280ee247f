package tinysync.wire;

import tinysync.content.ContentRef;
import tinysync.content.Hash;
import tinysync.tree.Cursor;
import tinysync.tree.DeviceId;
import tinysync.tree.Item;
import tinysync.tree.ItemId;
import tinysync.tree.Kind;
import tinysync.tree.LogEvent;
import tinysync.tree.Mutation;
import tinysync.tree.MutationResult;
import tinysync.tree.OpId;
import tinysync.tree.Place;
import tinysync.tree.VaultId;
import tinysync.tree.Versions;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/** Random values of everything that travels; the same for the same seed. */
public final class Samples {
    private static final List<String> NAMES =
            List.of(
                    "a.txt",
                    "ü",
                    "日本",
                    "\uD83D\uDE00",
                    "with \"quotes\" and \\",
                    "tab\there",
                    "\u2028",
                    "..x",
                    "\u0001");

    private final Random random;

    public Samples(long seed) {
        random = new Random(seed);
    }

    public UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    public Hash hash() {
        return new Hash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    public long whole() {
        return random.nextLong(random.nextBoolean() ? 100 : Fields.WHOLE_MAX + 1);
    }

    public Cursor cursor() {
        return new Cursor(uuid(), whole(), "%016x".formatted(random.nextLong()));
    }

    public ContentRef content() {
        return new ContentRef(hash(), whole());
    }

    public Instant instant() {
        long seconds =
                Times.MIN.getEpochSecond()
                        + random.nextLong(Times.MAX.getEpochSecond() - Times.MIN.getEpochSecond() + 1);
        return Instant.ofEpochSecond(seconds, random.nextBoolean() ? 0 : random.nextInt(1_000_000_000));
    }

    public String name() {
        return NAMES.get(random.nextInt(NAMES.size())) + random.nextInt(10);
    }

    public ItemId itemId() {
        return new ItemId(uuid());
    }

    public DeviceId device() {
        return new DeviceId(uuid());
    }

    public OpId opId() {
        return new OpId(uuid(), random.nextInt(1_000));
    }

    public Place place() {
        return new Place(itemId(), name());
    }

    public Item item() {
        Kind kind = List.of(Kind.FILE, Kind.FOLDER, Kind.SYMLINK, new Kind("whiteboard")).get(random.nextInt(4));
        boolean bytes = kind.isFile() || kind.isSymlink();
        return new Item(
                itemId(),
                Optional.of(itemId()),
                name(),
                kind,
                bytes ? Optional.of(content()) : Optional.empty(),
                kind.isSymlink() ? Optional.of("../" + name()) : Optional.empty(),
                random.nextInt(01000),
                kind.isFolder() ? Optional.empty() : maybe(this::instant),
                new Versions(whole(), whole(), whole()),
                random.nextBoolean(),
                maybe(this::device),
                random.nextBoolean() ? Item.NO_ATTRS : "{\"k\":[1,null,{\"z\":\"ü\"}]}");
    }

    public List<Item> items() {
        return list(this::item);
    }

    public LogEvent event(long seq) {
        return new LogEvent(
                seq,
                "%016x".formatted(random.nextLong()),
                instant(),
                device(),
                opId(),
                "put_file",
                items(),
                random.nextBoolean());
    }

    public MutationResult result() {
        return switch (random.nextInt(3)) {
            case 0 -> new MutationResult.Applied(opId(), whole(), items());
            case 1 -> new MutationResult.Duplicate(opId(), whole(), items());
            default ->
                    new MutationResult.Refused(
                            opId(), "version_mismatch", maybe(() -> "content"), name(), maybe(this::item));
        };
    }

    public Mutation mutation() {
        return switch (random.nextInt(9)) {
            case 0 -> new Mutation.CreateFolder(opId(), itemId(), place(), maybe(this::mode), random.nextBoolean());
            case 1 -> create(content());
            case 2 ->
                    new Mutation.PutFile(
                            opId(),
                            itemId(),
                            Optional.empty(),
                            Optional.of(whole()),
                            content(),
                            maybe(this::mode),
                            maybe(this::instant),
                            list(this::whole));
            case 3 -> new Mutation.CreateSymlink(opId(), itemId(), place(), name(), maybe(this::instant));
            case 4 ->
                    new Mutation.MoveRename(
                            opId(),
                            List.of(
                                    new Mutation.MoveRename.Move(itemId(), whole(), place()),
                                    new Mutation.MoveRename.Move(itemId(), whole(), place())));
            case 5 ->
                    new Mutation.SetMetadata(
                            opId(),
                            itemId(),
                            whole(),
                            maybe(this::mode),
                            maybe(this::instant),
                            maybe(() -> "{\"b\":null,\"a\":1}"));
            case 6 -> new Mutation.Delete(opId(), itemId(), whole(), whole());
            case 7 -> new Mutation.DeleteSubtree(opId(), itemId(), whole(), whole(), random.nextBoolean());
            default ->
                    new Mutation.Restore(
                            opId(),
                            itemId(),
                            maybe(this::whole),
                            maybe(this::itemId),
                            maybe(this::name),
                            maybe(this::content),
                            maybe(this::mode),
                            maybe(this::instant),
                            random.nextBoolean());
        };
    }

    public Mutation.PutFile create(ContentRef content) {
        return new Mutation.PutFile(
                opId(),
                itemId(),
                Optional.of(place()),
                Optional.empty(),
                content,
                maybe(this::mode),
                maybe(this::instant),
                List.of());
    }

    public SmallContent smallContent() {
        byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 65_537 : 300)];
        random.nextBytes(bytes);
        return SmallContent.of(bytes);
    }

    public VaultId vault() {
        return new VaultId(uuid());
    }

    public boolean coin() {
        return random.nextBoolean();
    }

    private int mode() {
        return random.nextInt(01000);
    }

    <T> Optional<T> maybe(Supplier<T> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    <T> List<T> list(Supplier<T> value) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            list.add(value.get());
        }
        return list;
    }
}
