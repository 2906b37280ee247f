package tinysync.wire;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

import tinysync.content.Hash;
import tinysync.tree.Mutation;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A commit as one JSON object: {@code {"cursor","instance","requires","mutations":[…],"contents":{"ID":"base64"}}}. */
public final class CommitCodec {
    /** {@code contents} by the hash of their bytes. */
    public record Request(CommitHeader header, List<Mutation> mutations, Map<Hash, SmallContent> contents) {
        public Request {
            Objects.requireNonNull(header);
            mutations = List.copyOf(mutations);
            contents = Map.copyOf(contents);
        }
    }

    private CommitCodec() {}

    public static JsonObject encode(Request request) {
        JsonArray mutations = new JsonArray();
        request.mutations().forEach(mutation -> mutations.add(MutationCodec.encode(mutation)));
        JsonObject contents = new JsonObject();
        request.contents()
                .forEach((id, content) -> contents.add(id.hex(), Base64.getEncoder().encodeToString(content.bytes())));
        return request.header().encode().add("mutations", mutations).add("contents", contents);
    }

    /** Each content is checked against its id: {@code bad_hash}. There are no more of them than mutations may be. */
    public static Request decode(Fields fields, int mutationsMax) {
        List<Mutation> mutations = new ArrayList<>();
        for (Fields one : fields.objects("mutations", mutationsMax)) {
            ParsedMutation parsed = MutationCodec.decode(one);
            if (parsed.inlineSize().isPresent()) {
                throw Fields.badRequest("content may only follow in a bundle; here it is in 'contents'");
            }
            mutations.add(parsed.mutation());
        }
        Map<Hash, SmallContent> contents =
                fields.optObject("contents").map(given -> contents(given.json(), mutationsMax)).orElse(Map.of());
        return new Request(CommitHeader.decode(fields), mutations, contents);
    }

    private static Map<Hash, SmallContent> contents(JsonObject given, int max) {
        if (given.size() > max) {
            throw new Refusal(ErrorCode.LIMIT_EXCEEDED, "more than " + max + " contents in one commit");
        }
        Map<Hash, SmallContent> contents = new LinkedHashMap<>();
        // Member by member: finding each by its name again takes time by the square of their number.
        for (JsonObject.Member member : given) {
            Hash id =
                    Hash.tryParse(member.getName())
                            .orElseThrow(() -> new Refusal(ErrorCode.BAD_HASH, "contents are named by their hash"));
            if (!member.getValue().isString()) {
                throw Fields.badRequest("content " + id + " must be a string");
            }
            contents.put(id, content(id, member.getValue().asString()));
        }
        return contents;
    }

    private static SmallContent content(Hash id, String base64) {
        try {
            SmallContent content = SmallContent.of(Base64.getDecoder().decode(base64));
            if (!content.ref().id().equals(id)) {
                throw new Refusal(ErrorCode.BAD_HASH, "content " + id + " has other bytes");
            }
            return content;
        } catch (IllegalArgumentException malformed) {
            throw Fields.badRequest("content " + id + " is not base64");
        }
    }
}
