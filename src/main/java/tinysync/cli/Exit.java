package tinysync.cli;

/** How a command ends; outside programs rely on the numbers. */
enum Exit {
    DONE(0),
    FAILED(1),
    WRONG_USAGE(2),
    UNREACHABLE(3),
    HELD(4),
    REFUSED(5);

    private final int status;

    Exit(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }
}
