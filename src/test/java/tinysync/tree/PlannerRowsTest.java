package tinysync.tree;

import static tinysync.tree.Scene.check;

import org.junit.jupiter.api.Test;

/** Each row of the planner's table in the design of record, §7. See {@link Scene} for how trees are written. */
class PlannerRowsTest {
    @Test
    void nothingChangedNeedsNothing() {
        check("a=1 d{b=2}", "a=1 d{b=2}", "a=1 d{b=2}");
    }

    @Test
    void localEditIsUploaded() {
        check("a=1", "a=1", "a=2", "send: put a=2");
    }

    @Test
    void localMoveIsMovedAtTheServer() {
        check("a=1 d{}", "a=1 d{}", "d{a:b=1}", "send: move a to d/b");
    }

    @Test
    void localDeletionIsDeletedAtTheServer() {
        check("a=1", "a=1", "", "send: delete a");
    }

    @Test
    void localModeIsSent() {
        check("a=1", "a=1", "a=1@600", "send: meta a");
    }

    @Test
    void remoteEditIsDownloadedOverTheOldBytes() {
        check("a=1", "a=2", "a=1", "show a as /a over a");
    }

    @Test
    void remoteMoveIsMovedHere() {
        check("a=1 d{}", "d{a:b=1}", "a=1 d{}", "shift a to d/b FOLLOW");
    }

    @Test
    void remoteDeletionIsDeletedHere() {
        check("a=1", "", "a=1", "remove a");
    }

    @Test
    void remoteModeIsApplied() {
        check("a=1", "a=1@600", "a=1", "touch a");
    }

    @Test
    void equalEditsAreAgreement() {
        check("a=1", "a=2", "a=2", "agree a content");
    }

    @Test
    void equalMovesAreAgreement() {
        check("a=1", "a:b=1", "a:b=1", "agree a place");
    }

    @Test
    void equalModesAreAgreement() {
        check("a=1", "a=1@600", "a=1@600", "agree a meta");
    }

    @Test
    void editsOnBothSidesKeepBoth() {
        check("a=1", "a=2", "a=3", "show a as /a over a keeping a*");
    }

    @Test
    void editHereBeatsDeletionThere() {
        check("a=1", "", "a=2", "edit won a", "send: restore a as /a=2");
    }

    @Test
    void moveHereBeatsDeletionThere() {
        check("a=1", "", "a:b=1", "edit won a", "send: restore a as /b");
    }

    @Test
    void editHereBeatsDeletionOfItsFolderThereAndTheFolderComesBackAsShell() {
        check(
                "d{a=1 b=1}",
                "",
                "d{a=2 b=1}",
                "edit won d",
                "send: restore d as /d",
                "edit won a",
                "send: restore a as d/a=2",
                "remove b");
    }

    @Test
    void editThereBeatsDeletionHere() {
        check("a=1", "a=2", "", "edit won a", "resurface a");
    }

    @Test
    void moveThereBeatsDeletionHere() {
        check("a=1", "a:b=1", "", "edit won a", "resurface a");
    }

    @Test
    void modeAloneDoesNotBeatDeletionThere() {
        check("a=1", "", "a=1@600", "remove a");
    }

    @Test
    void modeAloneDoesNotBeatDeletionHere() {
        check("a=1", "a=1@600", "", "send: delete a");
    }

    @Test
    void goneOnBothSidesIsForgotten() {
        check("a=1", "", "", "forget a");
    }

    @Test
    void moveThereAndEditHereBothApply() {
        check("a=1", "a:b=1", "a=2", "shift a to /b FOLLOW");
        check("a=1", "a:b=1", "a:b=2", "agree a place", "send: put a=2");
    }

    @Test
    void editThereAndMoveHereBothApply() {
        check("a=1", "a=2", "a:b=1", "show a as /b over a", "send: move a to /b");
    }

    @Test
    void movesOnBothSidesFollowTheServer() {
        check("a=1", "a:b=1", "a:c=1", "shift a to /b PLACE_LOST");
    }

    @Test
    void modesOnBothSidesFollowTheServer() {
        check("a=1", "a=1@600", "a=1@640", "touch a");
    }

    @Test
    void newThereComesDownParentsFirst() {
        check("", "d{a=1}", "", "make d as /d", "wait a for d");
        check("d{}", "d{a=1}", "d{}", "show a as d/a");
    }

    @Test
    void newHereGoesUpParentsFirst() {
        new Scene("", "", "d{e{a=1}}")
                .expectInOrder("send: create d as /d", "send: create e as d/e", "send: new a as e/a=1");
    }

    @Test
    void foldersOfOneNameMadeOnBothSidesBecomeOne() {
        check("", "r:d{a=1}", "l:d{b=2}", "adopt r from l", "wait a for r", "wait b for l");
    }

    @Test
    void filesOfOneNameAndEqualBytesBecomeOne() {
        check("", "r:a=1", "l:a=1", "adopt r from l");
    }

    @Test
    void filesOfOneNameAndOtherBytesAreBothKept() {
        check("", "r:a=1", "l:a=2", "show r as /a over l keeping a*");
    }

    @Test
    void aFileAndAFolderOfOneNameAreBothKept() {
        check("", "r:a{}", "l:a=2", "shift l to /a* NAME_LOST", "wait r for l");
        check("", "r:a=2", "l:a{}", "shift l to /a* NAME_LOST", "wait r for l");
    }

    @Test
    void linksOfOneNameAreComparedByTarget() {
        check("", "r:a->x", "l:a->x", "adopt r from l");
        check("", "r:a->x", "l:a->y", "show r as /a over l keeping a*");
    }

    @Test
    void folderDeletedThereLivesOnWithWhatIsNewHere() {
        check("d{a=1}", "", "d{a=1 n=2}", "edit won d", "send: restore d as /d", "send: new n as d/n=2", "remove a");
    }

    @Test
    void folderDeletedHereLivesOnWithWhatIsNewThere() {
        check("d{a=1}", "d{a=1 n=2}", "", "resurface d", "send: delete a", "wait n for d");
    }

    @Test
    void folderDeletedHereLivesOnWithWhatWasEditedThere() {
        check("d{a=1 b=1}", "d{a=2 b=1}", "", "resurface d", "edit won a", "resurface a", "send: delete b");
    }

    @Test
    void movesThatWouldMakeARingAreUndoneHere() {
        check("x{} y{}", "x{y{}}", "y{x{}}", "shift x to /x PLACE_LOST", "wait y for x");
    }

    @Test
    void nothingIsDecidedAboutTheUnreadable() {
        check("a=1", "a=2", "?a=1");
        check("a=1", "", "?a=1");
        check("", "", "!a=1");
    }

    @Test
    void nothingIsDecidedBelowTheUnreadable() {
        check("d{a=1}", "d{a=2}", "?d{a=1}");
        check("d{a=1}", "d{a=2}", "?d{}");
    }

    @Test
    void aFolderDeletedThereStaysAroundTheUnreadable() {
        check("d{a=1 b=1}", "", "d{?a=1 b=1}", "wait d for a", "wait d for b", "remove b");
    }

    @Test
    void nothingComesIntoTheUnreadable() {
        check("d{}", "d{n=1}", "?d{}", "wait n for d");
        check("d{} a=1", "d{a=1}", "?d{} a=1", "wait a for d");
    }
}
