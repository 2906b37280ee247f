package tinysync.platform;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** The same on what every JDK has. */
class PortableDirTest extends DirContract {
    @Override
    Dir open(Path path) throws FsException {
        return PortableDir.openRoot(path);
    }

    @Test
    void exchangeIsRefusedAndSaidToBeImpossible() throws Exception {
        put("a", "A");
        put("b", "B");
        refused(Errno.EINVAL, () -> root.rename("a", root, "b", RenameMode.EXCHANGE));
    }
}
