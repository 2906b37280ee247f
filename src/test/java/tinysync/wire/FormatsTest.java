package tinysync.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tinysync.content.ContentRef;
import tinysync.tree.Item;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Function;

/**
 * The documented examples, with {@code U} for an id, {@code O} for an op id, {@code H} for a hash, {@code T} for a tag.
 */
class FormatsTest {
    private static final int MANY = 200_000;
    private static final String CURSOR = "{'epoch':'U','seq':977,'tag':'T'}";
    private static final String ITEM =
            "{'id':'U','parent':'U','name':'a.txt','kind':'file','content':{'alg':'sha256','id':'H','size':12},"
                    + "'mode':'644','mtime':'2026-11-21T07:45:00.123456789Z',"
                    + "'versions':{'content':41,'place':17,'meta':41},'deleted':false,'device':'U','attrs':{}}";
    private static final String HEX = "0123456789abcdef";

    private static String text(String example) {
        return example.replace("'U'", "'0d1e2f3a-0000-4000-8000-000000000001'")
                .replace("'O'", "'0d1e2f3a-0000-4000-8000-000000000002:3'")
                .replace("'H'", "'" + HEX.repeat(4) + "'")
                .replace("'T'", "'" + HEX + "'")
                .replace('\'', '"');
    }

    private static Fields fields(String example) {
        return Fields.of(StrictJson.parseObject(text(example).getBytes(UTF_8), 1 << 20));
    }

    private static <T> void check(String example, Function<Fields, T> decode, Function<T, JsonObject> encode) {
        assertEquals(text(example), encode.apply(decode.apply(fields(example))).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'op':'create_folder','op_id':'O','item':'U','parent':'U','name':'docs','adopt':true}",
                "{'op':'put_file','op_id':'O','item':'U','parent':'U','name':'a.txt',"
                        + "'content':{'alg':'sha256','id':'H','size':12},'mode':'644','mtime':'2026-11-21T07:45:00Z'}",
                "{'op':'put_file','op_id':'O','item':'U','base':{'content':41},"
                    + "'content':{'alg':'sha256','id':'H','size':12},'mtime':'2026-11-21T07:45:00Z','parents':[41,39]}",
                "{'op':'create_symlink','op_id':'O','item':'U','parent':'U','name':'l','target':'../x'}",
                "{'op':'move_rename','op_id':'O','moves':[{'item':'U','base':{'place':17},'parent':'U','name':'b.txt'}]}",
                "{'op':'set_metadata','op_id':'O','item':'U','base':{'meta':41},'mode':'755',"
                        + "'mtime':'2026-11-21T07:45:00Z','attrs':{'k':'v'}}",
                "{'op':'delete','op_id':'O','item':'U','base':{'content':41,'place':17}}",
                "{'op':'delete_subtree','op_id':'O','item':'U','base':{'place':17},'applied_seq':970,'confirmed':false}",
                "{'op':'restore','op_id':'O','item':'U','version':39,'parent':'U','name':'a.txt',"
                        + "'content':{'alg':'sha256','id':'H','size':12},'recursive':false}"
            })
    void mutationsAreReadAndWrittenAsDocumented(String example) {
        check(example, f -> MutationCodec.decode(f).mutation(), MutationCodec::encode);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'op':'put_file','op_id':'O','item':'U','content':{'id':'H','size':12}}",
                "{'op':'put_file','op_id':'O','item':'U','parent':'U','name':'x','base':{'content':1},"
                        + "'content':{'id':'H','size':12}}",
                "{'op':'put_file','op_id':'O','item':'U','base':{'place':1},'content':{'id':'H','size':12}}",
                "{'op':'put_file','op_id':'O','item':'U','base':{'content':1},'content':{'alg':'md5','id':'H','size':1}}",
                "{'op':'put_file','op_id':'O','item':'U','base':{'content':1},'content':{'inline':true,'size':65537}}",
                "{'op':'delete','op_id':'O','item':'U','base':{'content':41}}",
                "{'op':'delete','op_id':'O','item':'U'}",
                "{'op':'move_rename','op_id':'O','moves':[]}",
                "{'op':'set_metadata','op_id':'O','item':'U','base':{'meta':1},'attrs':[]}",
                "{'op':'delete_subtree','op_id':'O','item':'U','base':{'place':17}}",
                "{'op':'frobnicate','op_id':'O','item':'U'}",
                "{'op':'delete','op_id':'U','item':'U','base':{'content':41,'place':1}}",
                "{'op_id':'O'}"
            })
    void mutationsWithoutWhatTheyNeedAreRefused(String example) {
        assertEquals(400, assertThrows(Refusal.class, () -> MutationCodec.decode(fields(example))).code().status());
    }

    @Test
    void itemsAreReadAndWrittenAsDocumented() {
        check(ITEM, ItemCodec::decode, ItemCodec::encode);
        check(
                "{'id':'U','name':'','kind':'folder','mode':'755','versions':{'content':0,'place':0,'meta':0},"
                        + "'deleted':false,'attrs':{}}",
                ItemCodec::decode,
                ItemCodec::encode);
        check(
                "{'id':'U','parent':'U','name':'l','kind':'symlink','content':{'alg':'sha256','id':'H','size':4},"
                        + "'target':'../x','mode':'777','versions':{'content':1,'place':1,'meta':1},'deleted':true,"
                        + "'device':'U','attrs':{'k':{'a':null}}}",
                ItemCodec::decode,
                ItemCodec::encode);
    }

    @Test
    void unknownKindsAreKeptAndUnknownMembersAreIgnored() {
        Item item = ItemCodec.decode(fields(ITEM.replace("'file'", "'canvas'").replace("{'id'", "{'new':[1],'id'")));
        assertEquals("canvas", item.kind().wire());
        assertEquals(12, item.content().orElseThrow().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "a/b", "", "x\\u0000", "e\\u0301"})
    void namesThatMustNotReachADiskAreRefused(String name) {
        String example = ITEM.replace("'a.txt'", "'" + name + "'");
        assertEquals(ErrorCode.BAD_NAME, assertThrows(Refusal.class, () -> ItemCodec.decode(fields(example))).code());
    }

    @Test
    void resultsAreReadAndWrittenAsDocumented() {
        Function<String, Void> result =
                example -> {
                    check(example, ResultCodec::decode, ResultCodec::encode);
                    return null;
                };
        result.apply("{'op_id':'O','result':'applied','seq':978,'items':[" + ITEM + "]}");
        result.apply("{'op_id':'O','result':'duplicate','seq':978,'items':[]}");
        result.apply(
                "{'op_id':'O','result':'refused','code':'version_mismatch','dimension':'content',"
                        + "'message':'…','item':"
                        + ITEM
                        + "}");
        result.apply("{'end':{'mutations':3,'head':" + CURSOR + "}}");
    }

    @Test
    void errorsAreReadAndWrittenAsDocumented() {
        check(
                "{'error':{'code':'name_taken','message':'it exists','request_id':'7','detail':{'item':" + ITEM + "}}}",
                ErrorBody::decode,
                ErrorBody::encode);
    }

    @Test
    void theLogIsReadAndWrittenAsDocumented() {
        check(
                "{'head':"
                        + CURSOR
                        + ",'min_retained':1,'events':[{'seq':978,'tag':'T','time':'2026-11-21T07:45:00Z',"
                        + "'device':'U','op_id':'O','op':'delete_subtree','items':["
                        + ITEM
                        + "],'confirmed':false}],'more':false}",
                LogCodec::decode,
                LogCodec::encode);
    }

    @Test
    void waitCommonAndListsAreReadAndWrittenAsDocumented() {
        check("{'cursors':{'U':" + CURSOR + "},'timeout':50}", WaitCodec::decode, WaitCodec::encode);
        check("{'heads':{'U':" + CURSOR + "}}", WaitCodec::decodeHeads, WaitCodec::encodeHeads);
        check("{'checkpoints':[" + CURSOR + "]}", CommonCodec::decodeRequest, CommonCodec::encodeRequest);
        check(
                "{'common':" + CURSOR + ",'epochs':[{'epoch':'U','first_seq':1}]}",
                CommonCodec::decode,
                CommonCodec::encode);
        check("{'ids':['H']}", HashListCodec::decodeIds, HashListCodec::encodeIds);
        check("{'missing':['H']}", HashListCodec::decodeMissing, HashListCodec::encodeMissing);
        check("{'previous':'U','new':'U'}", SessionChange::decode, SessionChange::encode);
    }

    @Test
    void infoAndAccessAreReadAndWrittenAsDocumented() {
        check(
                "{'product':'tinysync','version':'0.1.0','protocol':1,'server_id':'U','addresses':['https://x'],"
                    + "'wake':'wss://x/v1/wake','features':['bundle','chunks'],'fold_table':'unicode-16',"
                    + "'limits':{'body_bytes':16777216,'inline_bytes':65536,'bundle_mutations':10000,'name_bytes':255,"
                    + "'depth':4096,'log_page':1000,'json_bytes':1048576,'chunk_bytes_max':4194304}}",
                InfoCodec::decode,
                InfoCodec::encode);
        check(
                "{'device_id':'U','vaults':[{'id':'U','name':'main','role':'manage'}]}",
                Registration::decode,
                Registration::encode);
        check(
                "{'id':'U','invite':'https://x/join#tsinv_','group':{'id':'U','name':'everyone'},'role':'write',"
                        + "'uses_left':1,'expires':'2026-11-28T08:00:00Z'}",
                InviteCodec::decode,
                InviteCodec::encode);
        check(
                "{'group':'everyone','role':'write','uses':1,'expires_in_s':604800}",
                InviteCodec::decodeRequest,
                InviteCodec::encode);
        String policy =
                "{'names':'portable','chunking':{'min':262144,'average':1048576,'max':4194304},'merge':['*.md']}";
        check(
                "{'device':{'id':'U','name':'laptop'},'vaults':[{'id':'U','name':'main','role':'read','root':'U',"
                        + "'policy':"
                        + policy
                        + "}],'groups':[{'id':'U','name':'everyone'}]}",
                Me::decode,
                Me::encode);
        check(
                "{'id':'U','name':'main','root':'U','head':"
                        + CURSOR
                        + ",'min_retained':1,"
                        + "'epochs':[{'epoch':'U','first_seq':1}],'policy':"
                        + policy
                        + ",'role':'write','items':3,'bytes':12}",
                VaultView::decode,
                VaultView::encode);
    }

    @Test
    void aManifestIsReadAndWrittenAsDocumentedAndMustAddUp() {
        check("{'size':12,'chunks':[['H',5],['H',7]],'sha256':'H'}", ManifestCodec::decode, ManifestCodec::encode);
        for (String bad :
                new String[] {
                    "{'size':13,'chunks':[['H',5],['H',7]]}",
                    "{'size':5,'chunks':[['H',5]]}",
                    "{'size':5,'chunks':[['H',0],['H',5]]}",
                    "{'size':5,'chunks':[['H'],['H',5]]}",
                    "{'size':9000000,'chunks':[['H',4500000],['H',4500000]]}"
                }) {
            assertThrows(Refusal.class, () -> ManifestCodec.decode(fields(bad)), bad);
        }
    }

    @Test
    void aCommitInJsonChecksItsContents() {
        String hash = SmallContent.of("hello\n".getBytes(UTF_8)).ref().id().hex();
        String example =
                "{'cursor':"
                        + CURSOR
                        + ",'instance':'U','requires':[],'mutations':[{'op':'put_file','op_id':'O',"
                        + "'item':'U','parent':'U','name':'a','content':{'alg':'sha256','id':'"
                        + hash
                        + "','size':6}}],'contents':{'"
                        + hash
                        + "':'aGVsbG8K'}}";
        check(example, f -> CommitCodec.decode(f, 1), CommitCodec::encode);
        assertEquals(
                ErrorCode.BAD_HASH,
                assertThrows(
                                Refusal.class,
                                () -> CommitCodec.decode(fields(example.replace("aGVsbG8K", "aGVsbG8L")), 1))
                        .code());
        assertEquals(
                ErrorCode.LIMIT_EXCEEDED,
                assertThrows(Refusal.class, () -> CommitCodec.decode(fields(example), 0)).code());
        String more = example.replace("'aGVsbG8K'", "'aGVsbG8K','" + ContentRef.EMPTY.id() + "':''");
        assertEquals(
                ErrorCode.LIMIT_EXCEEDED,
                assertThrows(Refusal.class, () -> CommitCodec.decode(fields(more), 1)).code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'ready','device':'U'}",
                "{'type':'head','vault':'U','head':" + CURSOR + "}",
                "{'type':'grants'}",
                "{'type':'error','code':'unauthenticated','message':'…'}"
            })
    void wakeFramesAreReadAndWrittenAsDocumented(String example) {
        assertEquals(text(example), WakeCodec.encode(WakeCodec.decode(text(example)).orElseThrow()));
    }

    @Test
    void aSnapshotIsReadAndWrittenAsDocumentedAndCountsOnlyWhole() throws IOException {
        String lines =
                text(
                        "{'snapshot':{'vault':'U','at':"
                                + CURSOR
                                + ",'items':1}}\n"
                                + ITEM
                                + "\n{'end':{'at':"
                                + CURSOR
                                + "}}\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotCodec.write(out, SnapshotCodec.read(new ByteArrayInputStream(lines.getBytes(UTF_8)), 1));
        assertEquals(lines, out.toString(UTF_8));
        byte[] whole = lines.getBytes(UTF_8);
        for (int length = 0; length < whole.length; length++) {
            ByteArrayInputStream cut = new ByteArrayInputStream(whole, 0, length);
            assertThrows(TruncatedException.class, () -> SnapshotCodec.read(cut, 1), "cut at " + length);
        }
        ByteArrayInputStream tooMany = new ByteArrayInputStream(whole);
        assertThrows(Refusal.class, () -> SnapshotCodec.read(tooMany, 0));
    }

    @Test
    void anOpIdIsBoundToWhatAMutationMeansAndNotToItsSpelling() {
        JsonObject one = fields("{'op':'delete','op_id':'O','item':'U','base':{'content':41,'place':17}}").json();
        JsonObject same = fields("{'base':{'place':17,'content':41},'item':'U','op_id':'U','op':'delete'}").json();
        JsonValue other = fields("{'op':'delete','op_id':'O','item':'U','base':{'content':41,'place':18}}").json();
        assertEquals(MutationHash.of(one), MutationHash.of(same));
        assertEquals(MutationHash.of(one), MutationHash.of(MutationCodec.decode(Fields.of(one)).mutation()));
        assertNotEquals(MutationHash.of(one), MutationHash.of(other.asObject()));
    }

    /** With a look-up for each name this would take minutes. */
    @Test
    void aHashOfManyMembersTakesNoLongerThanTheyNeed() {
        JsonObject up = new JsonObject();
        JsonObject down = new JsonObject();
        for (int i = 0; i < MANY; i++) {
            up.add("name " + i, i);
            down.add("name " + (MANY - 1 - i), MANY - 1 - i);
        }
        assertEquals(
                MutationHash.of(new JsonObject().add("attrs", up)),
                MutationHash.of(new JsonObject().add("attrs", down)));
        assertNotEquals(
                MutationHash.of(new JsonObject().add("attrs", up)),
                MutationHash.of(new JsonObject().add("attrs", down.set("name 0", 1))));
    }
}
