package tinysync.wire;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import tinysync.content.Hash;
import tinysync.tree.DeviceId;
import tinysync.tree.ItemId;
import tinysync.tree.OpId;
import tinysync.tree.VaultId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * The members of one JSON object, read by name and type. What is missing or of another type is a {@link Refusal}
 * ({@code bad_request}, for hashes {@code bad_hash}) that names the field; members that nobody asks for are ignored. In
 * the {@code opt…} readers a member that is {@code null} counts as absent.
 */
public final class Fields {
    /** Integers are exact in JSON below 2^53. */
    public static final long WHOLE_MAX = (1L << 53) - 1;

    private static final int WHOLE_DIGITS_MAX = 17;

    private final JsonObject json;
    private final String path;

    private Fields(JsonObject json, String path) {
        this.json = Objects.requireNonNull(json);
        this.path = path;
    }

    public static Fields of(JsonObject json) {
        return new Fields(json, "");
    }

    /** {@code value} must be an object; {@code where} is how it is called in the refusal. */
    public static Fields of(JsonValue value, String where) {
        if (!value.isObject()) {
            throw badRequest(where + " must be an object");
        }
        return new Fields(value.asObject(), where + ".");
    }

    /** The object that is read. */
    public JsonObject json() {
        return json;
    }

    /** Whether there is such a member, and it is not {@code null}. */
    public boolean has(String name) {
        return opt(name).isPresent();
    }

    public List<String> names() {
        return json.names();
    }

    public String text(String name) {
        JsonValue value = need(name);
        if (!value.isString()) {
            throw wrong(name, "must be a string");
        }
        return value.asString();
    }

    public Optional<String> optText(String name) {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    /** An integer of {@code min} to {@code max}, written as one: {@code 1.0} and {@code 1e3} are refused. */
    public long whole(String name, long min, long max) {
        return whole(need(name), path + name, min, max);
    }

    public Optional<Long> optWhole(String name, long min, long max) {
        return has(name) ? Optional.of(whole(name, min, max)) : Optional.empty();
    }

    public boolean bool(String name, boolean whenAbsent) {
        Optional<JsonValue> value = opt(name);
        if (value.isEmpty()) {
            return whenAbsent;
        }
        if (!value.get().isBoolean()) {
            throw wrong(name, "must be true or false");
        }
        return value.get().asBoolean();
    }

    public Fields object(String name) {
        return of(need(name), path + name);
    }

    public Optional<Fields> optObject(String name) {
        return has(name) ? Optional.of(object(name)) : Optional.empty();
    }

    /** The elements of an array of at most {@code maxSize}. */
    public List<JsonValue> array(String name, int maxSize) {
        JsonValue value = need(name);
        if (!value.isArray()) {
            throw wrong(name, "must be an array");
        }
        JsonArray array = value.asArray();
        if (array.size() > maxSize) {
            throw new Refusal(ErrorCode.LIMIT_EXCEEDED, path + name + " has more than " + maxSize + " elements");
        }
        return array.values();
    }

    /** As {@link #array}, and every element is an object. */
    public List<Fields> objects(String name, int maxSize) {
        List<Fields> objects = new ArrayList<>();
        for (JsonValue element : array(name, maxSize)) {
            objects.add(of(element, path + name + "[" + objects.size() + "]"));
        }
        return objects;
    }

    /** As {@link #array}, and every element is a string; an absent array is an empty one. */
    public List<String> texts(String name, int maxSize) {
        List<String> texts = new ArrayList<>();
        for (JsonValue element : has(name) ? array(name, maxSize) : List.<JsonValue>of()) {
            if (!element.isString()) {
                throw wrong(name, "must hold strings only");
            }
            texts.add(element.asString());
        }
        return texts;
    }

    /** As {@link #array}, and every element is an integer from 0 on; an absent array is an empty one. */
    public List<Long> wholes(String name, int maxSize) {
        List<Long> wholes = new ArrayList<>();
        for (JsonValue element : has(name) ? array(name, maxSize) : List.<JsonValue>of()) {
            wholes.add(whole(element, path + name + "[]", 0, WHOLE_MAX));
        }
        return wholes;
    }

    /** As {@link #array}, and every element is a hash. */
    public List<Hash> hashes(String name, int maxSize) {
        List<Hash> hashes = new ArrayList<>();
        for (JsonValue element : array(name, maxSize)) {
            hashes.add(hash(element, path + name + "[]"));
        }
        return hashes;
    }

    /** A UUID in its lower-case spelling. */
    public UUID uuid(String name) {
        return parsed(name, ItemId::tryParse, "must be a lower-case UUID").value();
    }

    public Optional<UUID> optUuid(String name) {
        return has(name) ? Optional.of(uuid(name)) : Optional.empty();
    }

    public ItemId item(String name) {
        return new ItemId(uuid(name));
    }

    public VaultId vault(String name) {
        return new VaultId(uuid(name));
    }

    public DeviceId device(String name) {
        return new DeviceId(uuid(name));
    }

    public OpId opId(String name) {
        return parsed(name, OpId::tryParse, "must be an op id (BATCH-UUID:n)");
    }

    public Hash hash(String name) {
        return hash(need(name), path + name);
    }

    public Optional<Hash> optHash(String name) {
        return has(name) ? Optional.of(hash(name)) : Optional.empty();
    }

    /** The tag of an event: 16 lower-case hex digits. */
    public String tag(String name) {
        String text = text(name);
        if (!text.matches("[0-9a-f]{16}")) {
            throw wrong(name, "must be 16 lower-case hex digits");
        }
        return text;
    }

    /** A time in the form of {@link Times}. */
    public Instant instant(String name) {
        return parsed(name, Times::tryParse, "must be a time such as 2026-11-21T07:45:00Z");
    }

    public Optional<Instant> optInstant(String name) {
        return has(name) ? Optional.of(instant(name)) : Optional.empty();
    }

    /** Nine permission bits as three octal digits, such as {@code "644"}. */
    public int mode(String name) {
        String text = text(name);
        if (!text.matches("[0-7]{3}")) {
            throw wrong(name, "must be three octal digits");
        }
        return Integer.parseInt(text, 8);
    }

    public Optional<Integer> optMode(String name) {
        return has(name) ? Optional.of(mode(name)) : Optional.empty();
    }

    /** What {@code parse} makes of a string; empty is refused with {@code problem}, worded to follow the name. */
    public <T> T parsed(String name, Function<String, Optional<T>> parse, String problem) {
        return parse.apply(text(name)).orElseThrow(() -> wrong(name, problem));
    }

    /** A refusal of member {@code name}; {@code problem} is worded to follow the name. */
    public Refusal wrong(String name, String problem) {
        return badRequest(path + name + " " + problem);
    }

    static Refusal badRequest(String message) {
        return new Refusal(ErrorCode.BAD_REQUEST, message);
    }

    static Hash hash(JsonValue value, String where) {
        return Optional.of(value)
                .filter(JsonValue::isString)
                .flatMap(text -> Hash.tryParse(text.asString()))
                .orElseThrow(() -> new Refusal(ErrorCode.BAD_HASH, where + " must be 64 lower-case hex digits"));
    }

    static long whole(JsonValue value, String where, long min, long max) {
        String digits = value.isNumber() ? value.toString() : "";
        if (digits.length() > WHOLE_DIGITS_MAX || !digits.matches("0|-?[1-9][0-9]*")) {
            throw badRequest(where + " must be an integer");
        }
        long whole = Long.parseLong(digits);
        if (whole < min || whole > max || Math.abs(whole) > WHOLE_MAX) {
            throw badRequest(where + " must be " + min + " to " + max);
        }
        return whole;
    }

    private Optional<JsonValue> opt(String name) {
        return Optional.ofNullable(json.get(name)).filter(value -> !value.isNull());
    }

    private JsonValue need(String name) {
        return opt(name).orElseThrow(() -> wrong(name, "is missing"));
    }
}
