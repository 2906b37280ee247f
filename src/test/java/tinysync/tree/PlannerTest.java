package tinysync.tree;

import static tinysync.tree.Scene.check;

import org.junit.jupiter.api.Test;

/** What the rows of the table imply when several items meet: names, rings, subtrees, disguises. */
class PlannerTest {
    private static final String E_ACUTE = "\u00e9";
    private static final String E_AND_ACUTE = "e\u0301";

    @Test
    void aSwapHereIsOneMove() {
        check("a=1 b=2", "a=1 b=2", "a:b=1 b:a=2", "send: move a to /b, b to /a");
    }

    @Test
    void aSwapThereIsOneExchange() {
        check("a=1 b=2", "a:b=1 b:a=2", "a=1 b=2", "shift a to /b swapping b FOLLOW");
    }

    @Test
    void theSameSwapOnBothSidesIsAgreement() {
        check("a=1 b=2", "a:b=1 b:a=2", "a:b=1 b:a=2", "agree a place", "agree b place");
    }

    @Test
    void aRotationHereIsOneMove() {
        check("a=1 b=2 c=3", "a=1 b=2 c=3", "a:b=1 b:c=2 c:a=3", "send: move a to /b, b to /c, c to /a");
    }

    @Test
    void aFolderInvertedWithItsParentHereIsOneMove() {
        check("x{y{}}", "x{y{}}", "y:x{x:y{}}", "send: move x to y/y, y to /x");
    }

    @Test
    void aFolderInvertedWithItsParentThereStepsAside() {
        check("x{y{}}", "y:x{x:y{}}", "x{y{}}", "shift x to /x* STEP_ASIDE", "wait y for x");
    }

    @Test
    void movesThatHaveNothingToDoWithEachOtherAreSentApart() {
        check("a=1 b=2", "a=1 b=2", "a:c=1 b:d=2", "send: move a to /c", "send: move b to /d");
    }

    @Test
    void foldersAreMadeBeforeMovesAndMovesBeforeContentAndContentBeforeDeletions() {
        new Scene("a=1 b=1 c=1 m=1", "a=1 b=1 c=1 m=1", "d{a=1} b=2 m=1@600")
                .expectInOrder(
                        "send: create d as /d",
                        "send: move a to d/a",
                        "send: put b=2",
                        "send: meta m",
                        "send: delete c");
    }

    @Test
    void aNameLostToTheVaultIsGivenUp() {
        check("a=1", "a=1 r:b=2", "a:b=1", "shift a to /b* NAME_LOST", "wait r for a");
    }

    @Test
    void aNameThatIsGivenUpElsewhereIsWaitedFor() {
        check("a=1 b=2", "a=1 b=2", "a:b=1", "send: delete b", "wait a for b");
    }

    @Test
    void aNewFileUnderTheNameOfAMovedOneWaitsForTheMove() {
        check("a=1", "a=1", "a:b=1 n:a=2", "send: move a to /b", "wait n for a");
    }

    @Test
    void aFolderInPlaceOfAFileIsDeletionAndCreation() {
        check("a=1", "a=1", "n:a{c=2}", "send: delete a", "wait n for a", "wait c for n");
    }

    @Test
    void aFolderInPlaceOfAFileThereIsRemovalAndCreation() {
        check("a=1", "n:a{c=2}", "a=1", "remove a", "wait n for a", "wait c for n");
    }

    @Test
    void anEditedFileLosesItsNameToAFolderThatTookItsPlaceThere() {
        check("a=1", "n:a{}", "a=2", "shift a to /a* NAME_LOST", "wait n for a");
        check("a=1", "n:a{}", "a:z=2", "edit won a", "send: restore a as /z=2", "make n as /a");
    }

    @Test
    void renamingByCaseAloneIsARename() {
        check("a=1", "a=1", "a:A=1", "send: move a to /A");
        check("a=1", "a:A=1", "a=1", "shift a to /A FOLLOW");
    }

    @Test
    void caseTwinsMadeHereGoUpUnderTwoNamesAndKeepTheirOwn() {
        check("a=1", "a=1", "a=1 n:A=2", "send: new n as /A^=2");
        check("a=1 t:A_(case_twin)|A=2", "a=1 t:A_(case_twin)=2", "a=1 t:A=2");
    }

    @Test
    void caseTwinsStandSideBySideWhereNamesAreExact() {
        new Scene("a=1", "a=1", "a=1 n:A=2").exactNames().expect("send: new n as /A=2");
    }

    @Test
    void aFileMovedBesideItsCaseTwinGoesUpUnderATwinsName() {
        check("a=1 d{t:A=2}", "a=1 d{t:A=2}", "a=1 t:A=2 d{}", "send: move t to /A^");
    }

    @Test
    void aDisguiseEndsWhenTheVaultNeedsItsName() {
        check("t:A_(case_twin)|A=2", "t:A_(case_twin)=2 n:A=3", "t:A=2", "shift t to /A^ FOLLOW", "wait n for t");
    }

    @Test
    void aDisguiseEndsWhenSomebodyTakesTheVaultsNameHere() {
        check("t:A_(case_twin)|A=2", "t:A_(case_twin)=2", "t:A_(case_twin)=2", "agree t place");
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
    void aWholeFolderIsDeletedAsOne() {
        check(
                "d{a=1 e{b=2}}",
                "d{a=1 e{b=2}}",
                "",
                "send: delete tree d",
                "wait a for d",
                "wait e for d",
                "wait b for e");
    }

    @Test
    void aFolderIsNotDeletedAsOneWhenSomethingWasMovedOutOfIt() {
        check("d{a=1 b=2}", "d{a=1 b=2}", "b=2", "send: move b to /b", "wait d for b", "send: delete a");
    }

    @Test
    void aFolderIsNotDeletedAsOneAroundTheUnreadable() {
        check("d{a=1 e{}}", "d{a=1 e{}}", "?e{}", "wait d for e", "send: delete a");
    }

    @Test
    void aFolderIsNotDeletedAsOneAroundWhatIsUnderWay() {
        new Scene("d{a=1 b=2}", "d{a=1 b=2}", "").busy("b").expect("wait d for b", "send: delete a");
    }

    @Test
    void whatWasMovedOutThereSurvivesTheDeletionOfItsFolderHere() {
        check("d{a=1 b=2}", "a=1 d{b=2}", "", "edit won a", "resurface a", "send: delete tree d", "wait b for d");
    }

    @Test
    void whatWasMovedInThereKeepsTheFolderThatIsDeletedHere() {
        check("d{} a=1", "d{a=1}", "a=1", "resurface d", "wait a for d");
    }

    @Test
    void whatWasMovedInHereKeepsTheFolderThatIsDeletedThere() {
        check("d{} a=1", "a=1", "d{a=1}", "edit won d", "send: restore d as /d", "send: move a to d/a");
    }

    @Test
    void whatLeavesAFolderThatIsDeletedThereDoesNotKeepIt() {
        check("d{a=1}", "a=1", "d{a=1}", "shift a to /a FOLLOW", "wait d for a");
        check("d{a=1}", "a=1", "d{a:b=1}", "shift a to /a PLACE_LOST", "wait d for a");
    }

    @Test
    void whatWasRestoredThereLivesAlthoughItWasDeletedHere() {
        check("d{}", "^d{}", "", "resurface d");
        check("d{}", "^d{}", "d{}", "agree d place content meta");
    }

    @Test
    void ofMovesThatMakeARingWithTheVaultsOnlyOneIsUndone() {
        check(
                "x{} y{} z{}",
                "y{} z{x{}}",
                "x{y{z{}}}",
                "shift y to /y PLACE_LOST",
                "send: move z to y/z",
                "wait x for z");
    }

    @Test
    void aRingOfWaitingIsBrokenByUndoingAMove() {
        check("p{} q{r{}}", "p{r:a{q:a{}}}", "q{r{p:a{}}}", "shift p to /p PLACE_LOST", "wait q for r", "wait r for p");
    }

    @Test
    void anEmptyFolderGoesOnlyWhenItsContentHasGone() {
        check("d{e{a=1}}", "", "d{e{a=1}}", "wait d for e", "wait e for a", "remove a");
    }

    @Test
    void filesMovedIntoAFolderThatTookTheOldOnesNameGoOverWithoutBytes() {
        check("d{a=1}", "d{a=1}", "n:d{a=1}", "send: move d to /d*", "wait a for n", "wait n for d");
    }

    @Test
    void filesMovedThereIntoAFolderThatTookTheOldOnesNameGoOverWithoutBytes() {
        check("d{a=1}", "n:d{a=1}", "d{a=1}", "shift d to /d* STEP_ASIDE", "wait a for n", "wait n for d");
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

    @Test
    void whatIsNotHashedYetIsLeftAlone() {
        check("a=1", "a=2", "~a=1");
        check("", "r:a=1", "~l:a=1", "wait r for l");
    }

    @Test
    void theServersKindsThatAreUnknownHereAreLeftAlone() {
        check("a%1", "a%2", "");
        check("", "a%1", "");
    }

    @Test
    void anEditOfALinkIsContent() {
        check("l->x", "l->x", "l->y", "send: put l=y");
        check("l->x", "l->y", "l->x", "show l as /l over l");
    }

    @Test
    void modesOfFoldersAreSynced() {
        check("d{}", "d{}", "d@700{}", "send: meta d");
    }

    @Test
    void theSameIdWithoutMemoryIsAgreementWhereEqualAndKeptTwiceWhereNot() {
        check("", "a=1", "a=1", "agree a place content meta");
        check("", "a=1", "a=2", "show a as /a over a keeping a*");
        check("", "a=1", "a:b=1", "shift a to /a FOLLOW");
    }
}
