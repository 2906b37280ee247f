package tinysync.client.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tinysync.platform.Errno;
import tinysync.platform.FsException;

class ReasonsTest {
    @ParameterizedTest
    @CsvSource({
        "ENOSPC, no_space",
        "EDQUOT, no_space",
        "EACCES, permission_denied",
        "EPERM, permission_denied",
        "ENAMETOOLONG, name_too_long",
        "EROFS, read_only",
        "EIO, io_error",
        "OTHER, io_error",
        "EXDEV, mount_point",
        "EMLINK, emlink"
    })
    void everyErrorHasAShortWord(Errno errno, String word) {
        assertEquals(word, Reasons.of(new FsException(errno, "try")));
    }
}
