package tinysync.tree;

import java.util.List;

/**
 * What follows from the three trees for a set of items, in an order in which it can be carried out: for the server
 * folders before what goes into them, moves before content, content before deletions, time stamps last; for the disk
 * parents before children, and the other way round for removals.
 */
public record Plan(List<Operation> operations) {
    public Plan {
        operations = List.copyOf(operations);
    }
}
