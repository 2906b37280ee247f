package tinysync.tree;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.stream.Stream;

/** Each row of the planner's table in the design of record, §7. */
class PlannerRowsTest {
    @TestFactory
    Stream<DynamicTest> rowsOfTheTable() {
        return PlannerTable.tests(
                """
                nothing changed needs nothing
                    a=1 d{b=2} | a=1 d{b=2} | a=1 d{b=2}  =>
                local edit is uploaded
                    a=1        | a=1        | a=2         => send: put a=2
                local move is moved at the server
                    a=1 d{}    | a=1 d{}    | d{a:b=1}    => send: move a to d/b
                local deletion is deleted at the server
                    a=1        | a=1        | -           => send: delete a
                local mode is sent
                    a=1        | a=1        | a=1@600     => send: meta a
                remote edit is downloaded over the old bytes
                    a=1        | a=2        | a=1         => show a as /a over a
                remote move is moved here
                    a=1 d{}    | d{a:b=1}   | a=1 d{}     => shift a to d/b FOLLOW
                remote deletion is deleted here
                    a=1        | -          | a=1         => remove a
                remote mode is applied
                    a=1        | a=1@600    | a=1         => touch a
                equal edits are agreement
                    a=1        | a=2        | a=2         => agree a content
                equal moves are agreement
                    a=1        | a:b=1      | a:b=1       => agree a place
                equal modes are agreement
                    a=1        | a=1@600    | a=1@600     => agree a meta
                edits on both sides keep both
                    a=1        | a=2        | a=3         => show a as /a over a keeping a*
                edit here beats deletion there
                    a=1        | -          | a=2         => edit won a; send: restore a as /a=2
                move here beats deletion there
                    a=1        | -          | a:b=1       => edit won a; send: restore a as /b
                edit here beats deletion of its folder there and the folder comes back as shell
                    d{a=1 b=1} | -          | d{a=2 b=1}  => edit won d; send: restore d as /d; edit won a
                                                           ; send: restore a as d/a=2; remove b
                edit there beats deletion here
                    a=1        | a=2        | -           => edit won a; resurface a
                move there beats deletion here
                    a=1        | a:b=1      | -           => edit won a; resurface a
                mode alone does not beat deletion there
                    a=1        | -          | a=1@600     => remove a
                mode alone does not beat deletion here
                    a=1        | a=1@600    | -           => send: delete a
                gone on both sides is forgotten
                    a=1        | -          | -           => forget a
                move there and edit here both apply
                    a=1        | a:b=1      | a=2         => shift a to /b FOLLOW
                    a=1        | a:b=1      | a:b=2       => agree a place; send: put a=2
                edit there and move here both apply
                    a=1        | a=2        | a:b=1       => show a as /b over a; send: move a to /b
                moves on both sides follow the server
                    a=1        | a:b=1      | a:c=1       => shift a to /b PLACE_LOST
                modes on both sides follow the server
                    a=1        | a=1@600    | a=1@640     => touch a
                new there comes down parents first
                    -          | d{a=1}     | -           => make d as /d; wait a for d
                    d{}        | d{a=1}     | d{}         => show a as d/a
                folders of one name made on both sides become one
                    -          | r:d{a=1}   | l:d{b=2}    => adopt r from l; wait a for r; wait b for l
                files of one name and equal bytes become one
                    -          | r:a=1      | l:a=1       => adopt r from l
                files of one name and other bytes are both kept
                    -          | r:a=1      | l:a=2       => show r as /a over l keeping a*
                a file and a folder of one name are both kept
                    -          | r:a{}      | l:a=2       => shift l to /a* NAME_LOST; wait r for l
                    -          | r:a=2      | l:a{}       => shift l to /a* NAME_LOST; wait r for l
                links of one name are compared by target
                    -          | r:a->x     | l:a->x      => adopt r from l
                    -          | r:a->x     | l:a->y      => show r as /a over l keeping a*
                folder deleted there lives on with what is new here
                    d{a=1}     | -          | d{a=1 n=2}  => edit won d; send: restore d as /d; send: new n as d/n=2
                                                           ; remove a
                folder deleted here lives on with what is new there
                    d{a=1}     | d{a=1 n=2} | -           => resurface d; send: delete a; wait n for d
                folder deleted here lives on with what was edited there
                    d{a=1 b=1} | d{a=2 b=1} | -           => resurface d; edit won a; resurface a; send: delete b
                moves that would make a ring are undone here
                    x{} y{}    | x{y{}}     | y{x{}}      => shift x to /x PLACE_LOST; wait y for x
                nothing is decided about the unreadable
                    a=1        | a=2        | ?a=1        =>
                    a=1        | -          | ?a=1        =>
                    -          | -          | !a=1        =>
                nothing is decided below the unreadable
                    d{a=1}     | d{a=2}     | ?d{a=1}     => wait a for d
                    d{a=1}     | d{a=2}     | ?d{}        => wait a for d
                a folder deleted there stays around the unreadable
                    d{a=1 b=1} | -          | d{?a=1 b=1} => wait d for a; wait d for b; remove b
                nothing takes the place of the unreadable
                    -          | r:a=1      | ?l:a=1      => wait r for l
                nothing comes into the unreadable
                    d{}        | d{n=1}     | ?d{}        => wait n for d
                    d{} a=1    | d{a=1}     | ?d{} a=1    => wait a for d
                """);
    }

    @Test
    void newHereGoesUpParentsFirst() {
        new Scene("", "", "d{e{a=1}}")
                .expectInOrder("send: create d as /d", "send: create e as d/e", "send: new a as e/a=1");
    }
}
