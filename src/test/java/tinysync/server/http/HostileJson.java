package tinysync.server.http;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Spoiled JSON for any call that takes JSON: texts that are none, and members of the wrong type or size. */
final class HostileJson {
    /** Deep enough to end the stack of a reader that calls itself. */
    private static final int DEEP = 100_000;

    private final Example example;
    private final JsonObject good;
    private final List<Hostile> cases = new ArrayList<>();

    private HostileJson(Example example) {
        this.example = example;
        this.good = example.json().orElseThrow();
    }

    /** What is wrong with the text is so for every example of a call; what is wrong with a member is not. */
    static List<Hostile> of(Example example, boolean first) {
        HostileJson json = new HostileJson(example);
        if (first) {
            json.texts();
            json.sizes();
        }
        json.members(good -> good, json.good);
        return json.cases;
    }

    private void refused(String name, String body) {
        cases.add(Hostile.of(name, example.request().body(body), Hostile.Fate.REFUSED));
    }

    /** The good object with this text as one more member, which nobody would look at. */
    private String plus(String member) {
        String text = RawRequest.text(good.toString());
        return text.substring(0, text.length() - 1) + "," + member + "}";
    }

    private void texts() {
        String text = RawRequest.text(good.toString());
        if (!example.route().equals("PUT /v1/groups/{g}")) {
            refused("no body", "");
        }
        for (String other :
                List.of(" ", "null", "[]", "\"\"", "1", "true", "{", "}", "{]", "[{}]", "{\"a\"}", "'{}'")) {
            refused("body " + other, other);
        }
        refused("half of it", text.substring(0, text.length() / 2));
        refused("more behind it", text + "x");
        refused("twice", text + text);
        refused("a NUL behind it", text + "\0");
        refused("BOM", "\u00ef\u00bb\u00bf" + text);
        refused("UTF-16", text.replaceAll("(?s)(.)", "\0$1"));
        refused("a comma too many", text.substring(0, text.length() - 1) + ",}");
        refused("a comment", text.replaceFirst("\\{", "{/* */"));
        refused("quotes of another kind", text.replace('"', '\''));
        for (String value :
                List.of(
                        "NaN",
                        "Infinity",
                        "-Infinity",
                        "01",
                        "+1",
                        ".5",
                        "1.",
                        "1e",
                        "0x1",
                        "-",
                        "--1",
                        "tru",
                        "TRUE",
                        "undefined",
                        "'x'",
                        "\"",
                        "\"\\x\"",
                        "\"\\u12\"",
                        "\"\\ud800\"",
                        "\"\\udc00\\ud800\"",
                        "\"\\ud800x\"",
                        "\"\u00ff\"",
                        "\"\u00c0\u0080\"",
                        "\"\u00ed\u00a0\u0080\"",
                        "\"\u00e2\u0082\"",
                        "\"a\nb\"",
                        "\"\0\"",
                        "\"\t\"",
                        "9".repeat(33),
                        "1e" + "9".repeat(40))) {
            refused("a member that is " + value, plus("\"x\":" + value));
        }
        refused("a name twice", plus("\"x\":1,\"x\":2"));
        refused("a name twice, escaped", plus("\"x\":1,\"\\u0078\":2"));
        refused("half a character in a name", plus("\"\\ud800\":1"));
        refused("a name that is none", plus("x:1"));
        String first = good.names().getFirst();
        refused("a member again", plus("\"" + first + "\":1"));
    }

    private void sizes() {
        refused("arrays without end", "[".repeat(DEEP));
        refused("objects without end", "{\"a\":".repeat(DEEP));
        refused("too deep", plus("\"x\":" + "[".repeat(64) + "]".repeat(64)));
        refused("much too deep", plus("\"x\":" + "[".repeat(DEEP) + "]".repeat(DEEP)));
        refused("a name of a megabyte", "{\"" + "x".repeat(1 << 20) + "\":1}");
        refused("many names of one hash", "{" + collisions(12) + ",}");
        if (example.path().endsWith("/commit")) {
            refused("17 MB of spaces", " ".repeat(17_000_000));
            refused("a million names", "{\"x\":0" + numbered(1_000_000) + "}");
        }
    }

    private static String numbered(int count) {
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < count; i++) {
            members.append(",\"").append(i).append("\":0");
        }
        return members.toString();
    }

    /** Names that Java's strings give one hash: built of Aa and BB, two to the power of so many. */
    private static String collisions(int pairs) {
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < 1 << pairs; i++) {
            members.append(i == 0 ? "\"" : ",\"");
            for (int bit = 0; bit < pairs; bit++) {
                members.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            members.append("\":0");
        }
        return members.toString();
    }

    /** Spoils each member below {@code object}; {@code rebuild} puts another one in its place. */
    private void members(Function<JsonObject, JsonObject> rebuild, JsonObject object) {
        for (JsonObject.Member member : object) {
            String name = member.getName();
            boolean needed = !example.free().contains(name);
            if (needed) {
                spoiled(name + " is missing", rebuild.apply(copy(object).remove(name)));
                spoiled(name + " is null", rebuild.apply(copy(object).set(name, Json.NULL)));
            }
            // What attributes hold is for clients; nobody here looks at it.
            if (!name.equals("k")) {
                value(name, member.getValue(), other -> rebuild.apply(copy(object).set(name, other)));
            }
        }
    }

    private void value(String name, JsonValue value, Function<JsonValue, JsonObject> rebuild) {
        for (JsonValue wrong : wrong(value)) {
            spoiled(name + " is " + shown(wrong), rebuild.apply(wrong));
        }
        if (value.isObject()) {
            members(other -> rebuild.apply(other), value.asObject());
        }
        if (value.isArray()) {
            elements(name, value.asArray(), rebuild);
        }
    }

    private void elements(String name, JsonArray array, Function<JsonValue, JsonObject> rebuild) {
        for (JsonValue odd : List.of(Json.NULL, Json.TRUE, Json.value(-1), new JsonArray().add(new JsonArray()))) {
            spoiled(name + " holds " + odd, rebuild.apply(copy(array).add(odd)));
        }
        for (int i = 0; i < array.size(); i++) {
            int at = i;
            value(name + "[" + i + "]", array.get(i), other -> rebuild.apply(copy(array).set(at, other)));
        }
    }

    private static List<JsonValue> wrong(JsonValue value) {
        JsonValue one = Json.value(1);
        JsonValue text = Json.value("x");
        JsonArray array = new JsonArray();
        JsonObject object = new JsonObject();
        if (value.isString()) {
            return List.of(one, Json.TRUE, Json.FALSE, array, object, new JsonArray().add("x"));
        }
        if (value.isNumber()) {
            return List.of(
                    text,
                    Json.value("1"),
                    Json.TRUE,
                    array,
                    object,
                    number("-1"),
                    number("-0"),
                    number("0.5"),
                    number("1.0"),
                    number("1e1"),
                    number("1e999"),
                    number("-1e999"),
                    number("9007199254740992"),
                    number("9007199254740993"),
                    number("9223372036854775807"),
                    number("9223372036854775808"),
                    number("-9223372036854775809"),
                    number("18446744073709551616"),
                    number("4294967296.5"));
        }
        if (value.isBoolean()) {
            return List.of(one, Json.value(0), text, Json.value("true"), array, object);
        }
        return value.isArray() ? List.of(one, text, Json.TRUE, object) : List.of(one, text, Json.TRUE, array);
    }

    private static JsonValue number(String text) {
        return Json.parse(text);
    }

    private static String shown(JsonValue value) {
        return value.toString();
    }

    private static JsonObject copy(JsonObject object) {
        return new JsonObject(object);
    }

    private static JsonArray copy(JsonArray array) {
        return new JsonArray(array);
    }

    private void spoiled(String name, JsonObject body) {
        String text = RawRequest.text(body.toString());
        Optional<Hostile> same = cases.stream().filter(one -> one.name().equals(name)).findFirst();
        refused(same.isPresent() ? name + " (another)" : name, text);
    }
}
