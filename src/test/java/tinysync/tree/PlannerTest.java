package tinysync.tree;

import static tinysync.tree.Scene.check;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.stream.Stream;

/** What the rows of the table imply when several items meet: names, rings, subtrees, disguises. */
class PlannerTest {
    private static final String E_ACUTE = "\u00e9";
    private static final String E_AND_ACUTE = "e\u0301";

    @Test
    void whatIsHiddenGoesOnlyWhenNothingIsLeftToSendAndItsAbsenceMeansNothing() {
        hidden("a=1", "a=1", "a=1", "a", "remove a");
        hidden("a=1", "a=2", "a=1", "a", "remove a");
        hidden("a=1", "a=1", "", "a", "resurface a");
        hidden("", "a=1", "", "a");
        hidden("a=1", "a=1", "a=2", "a", "send: put a=2");
        hidden("d{a=1}", "e{} d{b:a=1}", "d{a=1}", "d a e", "remove a", "wait b for a", "wait d for a");
        hidden("d{a=1 b=2}", "d{a=1 b=2}", "", "a", "resurface a", "resurface d", "send: delete b");
        hidden("", "a=1", "n:a=2", "a", "send: new n as /a^=2");
    }

    private static void hidden(String base, String remote, String local, String hidden, String... expected) {
        new Scene(base, remote, local).hidden(hidden.split(" ")).expect(expected);
    }

    @Test
    void whatIsKeptHereIsForgottenAFolderAfterAllInIt() {
        new Scene("d{a=1 b=2}", "", "d{a=1 b=3 c=4}")
                .keptHere("d", "a", "b", "c")
                .expect("forget a", "forget b", "forget c", "wait d for a", "wait d for b", "wait d for c");
        new Scene("d{}", "", "d{}").keptHere("d").expect("forget d");
    }

    @TestFactory
    Stream<DynamicTest> severalItems() {
        return PlannerTable.tests(
                """
                a swap here is one move
                    a=1 b=2        | a=1 b=2        | a:b=1 b:a=2    => send: move a to /b, b to /a
                a swap there is one exchange
                    a=1 b=2        | a:b=1 b:a=2    | a=1 b=2        => shift a to /b swapping b FOLLOW
                the same swap on both sides is agreement
                    a=1 b=2        | a:b=1 b:a=2    | a:b=1 b:a=2    => agree a place; agree b place
                a rotation here is one move
                    a=1 b=2 c=3    | a=1 b=2 c=3    | a:b=1 b:c=2 c:a=3 => send: move a to /b, b to /c, c to /a
                a folder inverted with its parent here is one move
                    x{y{}}         | x{y{}}         | y:x{x:y{}}     => send: move x to y/y, y to /x
                a folder inverted with its parent there steps aside
                    x{y{}}         | y:x{x:y{}}     | x{y{}}         => shift x to /x* STEP_ASIDE; wait y for x
                moves that have nothing to do with each other are sent apart
                    a=1 b=2        | a=1 b=2        | a:c=1 b:d=2    => send: move a to /c; send: move b to /d
                a name lost to the vault is given up
                    a=1            | a=1 r:b=2      | a:b=1          => shift a to /b* NAME_LOST; wait r for a
                a name that is given up elsewhere is waited for
                    a=1 b=2        | a=1 b=2        | a:b=1          => send: delete b; wait a for b
                a new file under the name of a moved one waits for the move
                    a=1            | a=1            | a:b=1 n:a=2    => send: move a to /b; wait n for a
                a folder in place of a file is deletion and creation
                    a=1            | a=1            | n:a{c=2}       => send: delete a; wait n for a; wait c for n
                a folder in place of a file there is removal and creation
                    a=1            | n:a{c=2}       | a=1            => remove a; wait n for a; wait c for n
                an edited file loses its name to a folder that took its place there
                    a=1            | n:a{}          | a=2            => shift a to /a* NAME_LOST; wait n for a
                    a=1         | n:a{}       | a:z=2       => edit won a; send: restore a as /z=2; make n as /a
                renaming by case alone is a rename
                    a=1            | a=1            | a:A=1          => send: move a to /A
                    a=1            | a:A=1          | a=1            => shift a to /A FOLLOW
                case twins made here go up under two names and keep their own
                    a=1            | a=1            | a=1 n:A=2      => send: new n as /A^=2
                    a=1 t:A_(case_twin)|A=2 | a=1 t:A_(case_twin)=2 | a=1 t:A=2      =>
                a file moved beside its case twin goes up under a twin's name
                    a=1 d{t:A=2}   | a=1 d{t:A=2}   | a=1 t:A=2 d{}  => send: move t to /A^
                a disguise ends when the vault needs its name
                    t:A_(case_twin)|A=2 | t:A_(case_twin)=2 n:A=3 | t:A=2 => shift t to /A^ FOLLOW; wait n for t
                a disguise ends when somebody takes the vault's name here
                    t:A_(case_twin)|A=2 | t:A_(case_twin)=2 | t:A_(case_twin)=2 => agree t place
                a whole folder is deleted as one
                    d{a=1 e{b=2}}  | d{a=1 e{b=2}}  | -              => send: delete tree d; wait a for d; wait e for d
                                                                      ; wait b for e
                a folder is not deleted as one when something was moved out of it
                    d{a=1 b=2}     | d{a=1 b=2}     | b=2            => send: move b to /b; wait d for b; send: delete a
                a folder is not deleted as one around the unreadable
                    d{a=1 e{}}     | d{a=1 e{}}     | ?e{}           => wait d for e; send: delete a
                what was moved out there survives the deletion of its folder here
                    d{a=1 b=2}     | a=1 d{b=2}     | -              => edit won a; resurface a; send: delete tree d
                                                                      ; wait b for d
                what was moved in there keeps the folder that is deleted here
                    d{} a=1        | d{a=1}         | a=1            => resurface d; wait a for d
                what was moved in here keeps the folder that is deleted there
                    d{} a=1        | a=1            | d{a=1}         => edit won d; send: restore d as /d
                                                                      ; send: move a to d/a
                what leaves a folder that is deleted there does not keep it
                    d{a=1}         | a=1            | d{a=1}         => shift a to /a FOLLOW; wait d for a
                    d{a=1}         | a=1            | d{a:b=1}       => shift a to /a PLACE_LOST; wait d for a
                what was restored there lives although it was deleted here
                    d{}            | ^d{}           | -              => resurface d
                    d{}            | ^d{}           | d{}            => agree d place content meta
                of moves that make a ring with the vaults only one is undone
                    x{} y{} z{}    | y{} z{x{}}     | x{y{z{}}}      => shift y to /y PLACE_LOST; send: move z to y/z
                                                                      ; wait x for z
                a ring of waiting is broken by undoing a move
                    p{} q{r{}}     | p{r:a{q:a{}}}  | q{r{p:a{}}}    => shift p to /p PLACE_LOST; wait q for r
                                                                      ; wait r for p
                an empty folder goes only when its content has gone
                    d{e{a=1}}      | -              | d{e{a=1}}      => wait d for e; wait e for a; remove a
                files moved into a folder that took the old ones name go over without bytes
                    d{a=1}         | d{a=1}         | n:d{a=1}       => send: move d to /d*; wait a for n; wait n for d
                files moved there into a folder that took the old ones name go over without bytes
                    d{a=1}         | n:d{a=1}       | d{a=1}         => shift d to /d* STEP_ASIDE; wait a for n
                                                                      ; wait n for d
                what is not hashed yet is left alone
                    a=1            | a=2            | ~a=1           =>
                    -              | r:a=1          | ~l:a=1         => wait r for l
                the servers kinds that are unknown here are left alone
                    a%1            | a%2            | -              =>
                    -              | a%1            | -              =>
                an edit of a link is content
                    l->x           | l->x           | l->y           => send: put l=y
                    l->x           | l->y           | l->x           => show l as /l over l
                modes of folders are synced
                    d{}            | d{}            | d@700{}        => send: meta d
                the same id without memory is agreement where equal and kept twice where not
                    -              | a=1            | a=1            => agree a place content meta
                    -              | a=1            | a=2            => show a as /a over a keeping a*
                    -              | a=1            | a:b=1          => shift a to /a FOLLOW
                """);
    }

    @Test
    void foldersComeFirstThenMovesContentDeletionsAndTimeStamps() {
        new Scene("a=1 b=1 c=1 m=1", "a=1 b=1 c=1 m=1", "d{a=1} b=2 m=1@600")
                .expectInOrder(
                        "send: create d as /d",
                        "send: move a to d/a",
                        "send: put b=2",
                        "send: delete c",
                        "send: meta m");
    }

    @Test
    void caseTwinsStandSideBySideWhereNamesAreExact() {
        new Scene("a=1", "a=1", "a=1 n:A=2").exactNames().expect("send: new n as /A=2");
    }

    @Test
    void aNameInOtherUnicodeFormGoesUpNormalizedAndStaysAsItIsHere() {
        check("", "", "n:" + E_AND_ACUTE + "=1", "send: new n as /" + E_ACUTE + "=1");
        check("n:" + E_ACUTE + "|" + E_AND_ACUTE + "=1", "n:" + E_ACUTE + "=1", "n:" + E_AND_ACUTE + "=1");
    }

    @Test
    void editsThereGoIntoTheDisguisedFile() {
        check(
                "n:" + E_ACUTE + "|" + E_AND_ACUTE + "=1",
                "n:" + E_ACUTE + "=2",
                "n:" + E_AND_ACUTE + "=1",
                "show n as /" + E_AND_ACUTE + " over n");
    }

    @Test
    void aNameThatNoVaultTakesIsParked() {
        check("", "", "n:" + "x".repeat(256) + "=1", "park n bad_name");
    }

    @Test
    void aFolderIsNotDeletedAsOneAroundWhatIsUnderWay() {
        new Scene("d{a=1 b=2}", "d{a=1 b=2}", "").busy("b").expect("wait d for b", "send: delete a");
    }

    @Test
    void aReadOnlyDeviceParksWhatItWouldSend() {
        new Scene("a=1 b=1 c=1 d=1 e=1", "a=1 b=1 c=1 d=1 e=2", "a=2 b:c=1 c:b=1 n=1 e=1")
                .readOnly()
                .expect(
                        "park a forbidden",
                        "park b forbidden",
                        "park c forbidden",
                        "park d forbidden",
                        "park n forbidden",
                        "show e as /e over e");
    }

    @Test
    void aReadOnlyDeviceKeepsItsEditOfWhatWasDeletedThere() {
        new Scene("a=1", "", "a=2").readOnly().expect("park a forbidden");
    }

    @Test
    void nothingIsDecidedAboutWhatIsUnderWay() {
        new Scene("a=1", "a=2", "a=3").busy("a").expect();
    }
}
