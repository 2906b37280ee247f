package tinysync.platform;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** An open file as a stream from its current position; the file stays open. */
final class FileInput extends InputStream {
    private final OpenFile file;

    FileInput(OpenFile file) {
        this.file = file;
    }

    @Override
    public int read() throws FsException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws FsException {
        return file.read(ByteBuffer.wrap(target, offset, length));
    }
}
