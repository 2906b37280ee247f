package tinysync.sim;

/** What the network makes of a request. */
enum Fate {
    ANSWERED,
    LOST_BEFORE,
    LOST_AFTER
}
