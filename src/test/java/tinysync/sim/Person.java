package tinysync.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Somebody who works in a device's folder, by chance, and a ledger of what may not get lost: every text that was
 * written and that nobody, seeing it, has deleted or overwritten since.
 */
final class Person {
    /** What a person may do; each world allows only some of it, so that each gets its share of room. */
    enum Habit {
        WRITE,
        WRITE_BIG,
        SAVE_BY_RENAME,
        SAVE_ASIDE,
        MKDIR,
        MOVE,
        SWAP,
        DELETE,
        CHMOD,
        TOUCH,
        SYMLINK,
        HARD_LINK,
        COPY
    }

    private static final List<String> NAMES = List.of("a", "b", "c", "d.txt", "e.txt", "A", "D.txt");

    private final Chance chance;
    private final Device device;
    private final Set<String> ledger;
    private final List<Habit> habits;
    private final String home;
    private int written;

    /**
     * @param ledger shared by all persons of a world
     * @param home the folder he keeps to; {@code ""} for all
     */
    Person(Chance chance, Device device, Set<String> ledger, Set<Habit> habits, String home) {
        this.chance = chance;
        this.device = device;
        this.ledger = ledger;
        this.habits = List.copyOf(new TreeSet<>(habits));
        this.home = home;
    }

    private ModelDisk disk() {
        return device.disk();
    }

    void act() {
        if (!home.isEmpty() && !disk().exists(home)) {
            disk().mkdir(home);
        }
        switch (chance.oneOf(habits)) {
            case WRITE -> write(chance.percent(50) ? newPath() : some(Sort.FILE), text());
            case WRITE_BIG -> write(chance.percent(50) ? newPath() : some(Sort.FILE), Optional.of(Texts.BIG + fresh()));
            case SAVE_BY_RENAME -> some(Sort.FILE).ifPresent(this::saveByRename);
            case SAVE_ASIDE -> some(Sort.FILE).ifPresent(this::saveAside);
            case MKDIR -> newPath().filter(path -> !disk().exists(path)).ifPresent(disk()::mkdir);
            case MOVE -> some(Sort.ANY).ifPresent(from -> newPath().ifPresent(to -> move(from, to)));
            case SWAP -> some(Sort.ANY).ifPresent(a -> some(Sort.ANY).ifPresent(b -> swap(a, b)));
            case DELETE -> some(Sort.ANY).ifPresent(this::delete);
            case CHMOD -> some(Sort.ANY).filter(path -> !isLink(path)).ifPresent(this::chmod);
            case TOUCH -> some(Sort.FILE).ifPresent(disk()::touch);
            case SYMLINK ->
                    newPath()
                            .filter(path -> !disk().exists(path))
                            .ifPresent(path -> disk().symlink(path, "to " + fresh()));
            case HARD_LINK ->
                    some(Sort.FILE)
                            .ifPresent(
                                    from ->
                                            newPath()
                                                    .filter(path -> !disk().exists(path))
                                                    .ifPresent(to -> disk().link(from, to)));
            case COPY ->
                    some(Sort.FILE)
                            .ifPresent(
                                    from ->
                                            newPath()
                                                    .filter(path -> !disk().exists(path))
                                                    .ifPresent(to -> disk().write(to, disk().read(from))));
        }
    }

    private enum Sort {
        ANY,
        FILE,
        FOLDER
    }

    /** Something that is there. */
    private Optional<String> some(Sort sort) {
        List<String> fit = new ArrayList<>();
        for (String path : disk().paths()) {
            boolean mine = home.isEmpty() || path.startsWith(home + "/");
            boolean fits =
                    switch (sort) {
                        case ANY -> true;
                        case FILE -> disk().isFile(path);
                        case FOLDER -> disk().isFolder(path);
                    };
            if (mine && fits) {
                fit.add(path);
            }
        }
        return fit.isEmpty() ? Optional.empty() : Optional.of(chance.oneOf(fit));
    }

    private Optional<String> newPath() {
        Optional<String> folder = chance.percent(40) ? Optional.empty() : some(Sort.FOLDER);
        String in = folder.orElse(home);
        String name = chance.oneOf(NAMES);
        return Optional.of(in.isEmpty() ? name : in + "/" + name);
    }

    private String fresh() {
        return device.name() + ++written;
    }

    private Optional<String> text() {
        return Optional.of(fresh());
    }

    private boolean isLink(String path) {
        return !disk().isFile(path) && !disk().isFolder(path);
    }

    private void write(Optional<String> path, Optional<String> text) {
        if (path.isEmpty() || disk().exists(path.get()) && !disk().isFile(path.get())) {
            return;
        }
        if (disk().exists(path.get())) {
            ledger.remove(disk().read(path.get()));
        }
        disk().write(path.get(), text.get());
        ledger.add(text.get());
    }

    private void saveByRename(String path) {
        String temporary = path + ".new";
        write(Optional.of(temporary), text());
        ledger.remove(disk().read(path));
        disk().move(temporary, path);
    }

    private void saveAside(String path) {
        String aside = path + "~";
        if (!disk().exists(aside)) {
            disk().move(path, aside);
            write(Optional.of(path), text());
        }
    }

    private void move(String from, String to) {
        boolean possible = !(to + "/").startsWith(from + "/") && !(from + "/").startsWith(to + "/");
        if (!possible || disk().exists(to) && (!disk().isFile(to) || !disk().isFile(from))) {
            return;
        }
        if (disk().exists(to)) {
            ledger.remove(disk().read(to));
        }
        disk().move(from, to);
    }

    private void swap(String a, String b) {
        if (!(a + "/").startsWith(b + "/") && !(b + "/").startsWith(a + "/")) {
            disk().exchange(a, b);
        }
    }

    private void delete(String path) {
        for (String below : disk().paths()) {
            if ((below + "/").startsWith(path + "/") && disk().isFile(below)) {
                ledger.remove(disk().read(below));
            }
        }
        disk().delete(path);
    }

    private void chmod(String path) {
        int mode = disk().isFolder(path) ? 0755 : 0644;
        disk().chmod(path, chance.percent(50) ? mode : mode & 0700);
    }
}
