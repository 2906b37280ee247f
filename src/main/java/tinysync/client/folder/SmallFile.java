package tinysync.client.folder;

import tinysync.platform.Dir;
import tinysync.platform.Errno;
import tinysync.platform.FsException;
import tinysync.platform.OpenFile;
import tinysync.platform.RenameMode;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A file of a few kilobytes, read and replaced whole. */
record SmallFile(Dir folder, String name) {
    private static final int PRIVATE = 0600;

    /** What the file holds. */
    sealed interface Content {
        record Text(String text) implements Content {}

        record Absent() implements Content {}

        /** Longer than was asked for, or not UTF-8. */
        record TooLong() implements Content {}
    }

    Content read(int bytesMax) throws FsException {
        try (OpenFile file = folder.openRead(name)) {
            ByteBuffer bytes = ByteBuffer.allocate(bytesMax + 1);
            while (bytes.hasRemaining() && file.read(bytes) >= 0) {
                continue;
            }
            if (!bytes.hasRemaining()) {
                return new Content.TooLong();
            }
            return new Content.Text(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException notText) {
            return new Content.TooLong();
        } catch (FsException failed) {
            if (failed.errno() == Errno.ENOENT) {
                return new Content.Absent();
            }
            throw failed;
        }
    }

    /** Afterwards the old content or, once this has returned, only the new one is found, also after a power loss. */
    void replace(byte[] bytes) throws FsException {
        String temporary = name + ".new";
        unlinkIfThere(folder, temporary);
        try (OpenFile file = folder.createNew(temporary, PRIVATE)) {
            file.write(ByteBuffer.wrap(bytes));
            file.fsync();
        }
        folder.rename(temporary, folder, name, RenameMode.REPLACE);
        folder.fsync();
    }

    /** Makes the file; not durable yet. */
    void create(byte[] bytes) throws FsException {
        try (OpenFile file = folder.createNew(name, PRIVATE)) {
            file.write(ByteBuffer.wrap(bytes));
        }
    }

    void fsync() throws FsException {
        try (OpenFile file = folder.openRead(name)) {
            file.fsync();
        }
    }

    /** Removes a file of our own that may be gone already. */
    static void unlinkIfThere(Dir folder, String name) throws FsException {
        try {
            folder.unlink(name);
        } catch (FsException failed) {
            if (failed.errno() != Errno.ENOENT) {
                throw failed;
            }
        }
    }
}
